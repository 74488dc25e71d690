// Publishing in the browser: a model by drag and drop, by the file button, as an archive and as a folder; what is found
// in it, the form with its preview, the steps of the publish, and what is said of what cannot be published.
//
// usage: node host/tests/browser/new.mjs    (after `make build stage`; SCREENSHOTS=DIR keeps pictures)
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { barriers, bundle, root, shot, token, withServer } from "./lib/harness.mjs";

const iris = join(bundle("iris"), "iris.onnx");
const models = join(root, "host/runners/onnx/tests/models");

await withServer(async ({ url, publish, test, folder }) => {
  // The first publish of a model compiles the runner, for which the page's tests need not wait.
  publish(bundle("iris"), "demo/iris");
  const signIn = async (page) => {
    await page.goto(`${url}/new`);
    await page.waitForURL("**/login?next=/new");
    await page.getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(`${url}/new`);
    await page.locator("html[data-alive]").waitFor();
  };
  // Drops a file as a browser does: the page sees a DataTransfer with the file in it.
  const drop = async (page, path, name) => {
    const bytes = readFileSync(path).toString("base64");
    const transfer = await page.evaluateHandle(
      ([bytes, name]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name));
        return transfer;
      },
      [bytes, name],
    );
    const zone = page.getByRole("region", { name: "The model or app" });
    await zone.dispatchEvent("dragover", { dataTransfer: transfer });
    await zone.dispatchEvent("drop", { dataTransfer: transfer });
  };
  const choose = async (page, label, path) => {
    const chooser = page.waitForEvent("filechooser");
    await page.getByText(label).click();
    await (await chooser).setFiles(path);
  };
  const place = async (page, owner, name) => {
    await page.getByLabel("Owner", { exact: true }).fill(owner);
    await page.locator("#new-name").fill(name);
  };
  const goLive = async (page) => {
    await page.getByRole("button", { name: "Publish" }).click();
    await page.getByText("It is live.").waitFor();
  };
  const interfaceOf = async (space) => (await (await fetch(`${url}/spaces/${space}/api`)).json()).interface;

  await test("a model is dropped, described, published and run", {}, async (page) => {
    await signIn(page);
    assert.deepEqual(await barriers(page), []);
    await shot(page, "new-drop");
    await drop(page, iris, "iris.onnx");
    await page.getByText("It can be published.").waitFor();
    const findings = page.getByRole("region", { name: "What was found" });
    assert.match(await findings.innerText(), /ONNX model[\s\S]*ai\.onnx/);
    await findings.getByText("What the file says").click();
    assert.match(await findings.innerText(), /TreeEnsembleClassifier/);

    await place(page, "ada", "flowers");
    await page.getByLabel("Title", { exact: true }).fill("Three irises");
    await page.getByLabel("Description").fill("Tells **three** species apart.");
    await page.getByLabel("Task").fill("tabular-classification");
    await page.getByLabel("Tags").fill("flowers, tabular");
    await page.getByLabel("Emoji").fill("🌷");
    const first = page.locator("details.fold", { has: page.locator("#new-input-0-name") });
    await first.locator("summary").click();
    await page.locator("#new-input-0-label").fill("Sepal length (cm)");
    await page.locator("#new-input-0-kind").selectOption("slider");
    await page.locator("#new-input-0-minimum").fill("4");
    await page.locator("#new-input-0-maximum").fill("x");
    await page.getByText("`x` is not a number").waitFor();
    assert.ok(await page.getByRole("button", { name: "Publish" }).isDisabled());
    await page.locator("#new-input-0-maximum").fill("8");
    await page.locator("#new-input-0-step").fill("0.1");
    await page.locator("#new-input-0-default").fill("5.1");
    await page.locator("#new-output-0-words").fill("setosa\nversicolor\nvirginica");

    // The page that comes of it.
    const preview = page.getByRole("region", { name: "Preview" });
    await preview.getByRole("heading", { name: "Three irises" }).waitFor();
    await preview.getByText("three", { exact: true }).waitFor();
    const slider = preview.getByRole("slider");
    assert.deepEqual([await slider.getAttribute("min"), await slider.inputValue()], ["4", "5.1"]);
    assert.ok(await preview.getByRole("button", { name: "Run" }).isDisabled());
    for (const [index, value] of ["3.5", "1.4", "0.2"].entries()) {
      await preview.getByRole("textbox").nth(index + 1).fill(value);
    }
    await page.getByRole("button", { name: "Add what the preview holds" }).click();
    await page.getByLabel("Title of example 1").fill("A setosa");
    await page.getByLabel("Title of example 1").blur();
    assert.deepEqual(await barriers(page), []);
    await shot(page, "new-describe");

    await goLive(page);
    const steps = await page.locator(".progress-steps li").allInnerTexts();
    assert.equal(steps.length, 8);
    for (const step of steps) assert.match(step, /(ms|\d s)$/, step);
    assert.match(steps.join("\n"), /1 example called/);
    await shot(page, "new-live");

    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download space.toml" }).click();
    const toml = readFileSync(await (await download).path(), "utf8");
    assert.match(toml, /^space = "ada\/flowers"\ntitle = "Three irises"\n/);
    assert.match(toml, /\[\[inputs\]\]\nname = "feature_1"\nlabel = "Sepal length \(cm\)"/);

    await page.getByRole("link", { name: "Open the space" }).click();
    await page.waitForURL(`${url}/spaces/ada/flowers`);
    await page.locator("html[data-alive]").waitFor();
    await page.locator("button.example").click();
    await page.getByRole("button", { name: "Run" }).click();
    await page.getByText(/Done in/).waitFor();
    assert.equal(await page.locator(".best").first().innerText(), "setosa");

    // The command line makes the same of what was downloaded.
    const here = join(folder, "flowers");
    mkdirSync(here);
    copyFileSync(iris, join(here, "iris.onnx"));
    writeFileSync(join(here, "space.toml"), toml);
    publish(here, "bob/flowers");
    assert.deepEqual(await interfaceOf("bob/flowers"), await interfaceOf("ada/flowers"));
  });
  await test("a file is chosen with a button", {}, async (page) => {
    await signIn(page);
    await choose(page, "Choose a file", iris);
    await page.getByText("It can be published.").waitFor();
    assert.equal(await page.locator("#new-name").inputValue(), "iris");
    await page.getByText("A space needs an owner and a name.").waitFor();
    await place(page, "Not A Name", "iris");
    await page.getByText(/Not A Name/).first().waitFor();
    await place(page, "ada", "chosen");
    await goLive(page);
  });
  await test("a folder brings its own space.toml, labels and pictures", {}, async (page) => {
    await signIn(page);
    await choose(page, "Choose a folder", bundle("digits"));
    await page.getByText("It can be published.").waitFor();
    const title = await page.getByLabel("Title", { exact: true }).inputValue();
    assert.ok(title.length > 0);
    await place(page, "ada", "digits");
    await page.getByLabel("Title", { exact: true }).fill("Digits from a folder");
    await goLive(page);
    publish(bundle("digits"), "bob/digits");
    const [mine, theirs] = [await interfaceOf("ada/digits"), await interfaceOf("bob/digits")];
    assert.deepEqual(mine, { ...theirs, title: "Digits from a folder" });
  });
  await test("an archive is taken as it is, with the form's space.toml in it", {}, async (page) => {
    const archive = join(folder, "iris.zip");
    const zip = "import sys, zipfile, pathlib\nwith zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as z:\n  for p in sorted(pathlib.Path(sys.argv[2]).iterdir()): z.write(p, 'iris/' + p.name)";
    execFileSync("python3", ["-c", zip, archive, bundle("iris")]);
    await signIn(page);
    await drop(page, archive, "iris.zip");
    await page.getByText("It can be published.").waitFor();
    assert.equal(await page.getByLabel("Owner", { exact: true }).inputValue(), "demo");
    await place(page, "ada", "zipped");
    await page.getByLabel("Title", { exact: true }).fill("Irises from an archive");
    await goLive(page);
    publish(bundle("iris"), "bob/iris");
    assert.deepEqual(await interfaceOf("ada/zipped"), { ...(await interfaceOf("bob/iris")), title: "Irises from an archive" });
    // A second publish is the next revision.
    await page.getByLabel("Title", { exact: true }).fill("Irises again");
    await goLive(page);
    assert.equal((await interfaceOf("ada/zipped")).title, "Irises again");
  });
  await test("a component shows the interface that it describes, and its log", {}, async (page) => {
    await signIn(page);
    await choose(page, "Choose a file", join(root, "artifacts/guests/word-count.wasm"));
    await page.getByText("It can be published.").waitFor();
    await page.getByRole("region", { name: "Preview" }).getByLabel(/text/i).first().waitFor();
    assert.equal(await page.getByText("Drawn as").count(), 0);
    await place(page, "ada", "words");
    await goLive(page);
  });
  await test("what cannot be published says what is at fault and what to do", {}, async (page) => {
    await signIn(page);
    const half = join(folder, "half.onnx");
    writeFileSync(half, readFileSync(iris).subarray(0, 3_000));
    const check = async (path, message, advice) => {
      await choose(page, "Choose a file", path);
      const alert = page.getByRole("alert").filter({ hasText: "It cannot be published yet." });
      await alert.filter({ hasText: message }).waitFor();
      assert.match(await alert.innerText(), advice);
      assert.equal(await page.getByRole("button", { name: "Publish" }).count(), 0);
    };
    await check(half, "it is cut off", /torch\.onnx\.export/);
    await shot(page, "new-broken");
    await check(join(models, "hostile/svm.onnx"), "SVMClassifier", /LogisticRegression/);
    assert.deepEqual(await page.locator(".chip.missing").allInnerTexts().then((texts) => texts.map((text) => text.split(/\s/)[0])), ["SVMClassifier"]);
    assert.deepEqual(await barriers(page), []);
    await shot(page, "new-unsupported");
    await check(join(models, "hostile/external.onnx"), "save the model as one file", /save_as_external_data=False/);
    // And then one that works.
    await choose(page, "Choose a file", iris);
    await page.getByText("It can be published.").waitFor();
  });
  await test("a mistake in space.toml is told with its line", {}, async (page) => {
    const here = join(folder, "mistaken");
    mkdirSync(here);
    copyFileSync(iris, join(here, "iris.onnx"));
    writeFileSync(join(here, "space.toml"), 'title = "x"\ntitel = "y"\n');
    await signIn(page);
    await choose(page, "Choose a folder", here);
    await page.getByText("space.toml:2:1").waitFor();
    await page.getByText("did you mean `title`?").waitFor();
  });
  await test("a publish that fails shows the step and the reason", {}, async (page) => {
    await signIn(page);
    await choose(page, "Choose a file", iris);
    await page.getByText("It can be published.").waitFor();
    await place(page, "ada", "failing");
    await page.locator("details.fold", { has: page.locator("#new-output-0-name") }).locator("summary").first().waitFor();
    await page.locator("#new-output-0-words").fill("@none.txt");
    await page.getByRole("button", { name: "Publish" }).click();
    await page.getByRole("alert").filter({ hasText: "none.txt" }).waitFor();
    assert.equal(await page.locator('.progress-steps li[data-state="failed"]').count(), 1);
    await shot(page, "new-failed");
    await page.locator("#new-output-0-words").fill("");
    await goLive(page);
  });
  for (const colorScheme of ["light", "dark"]) {
    await test(`a phone is wide enough, ${colorScheme}`, { viewport: { width: 390, height: 844 }, colorScheme }, async (page) => {
      await signIn(page);
      await choose(page, "Choose a file", iris);
      await page.getByText("It can be published.").waitFor();
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
      assert.deepEqual(await barriers(page), []);
      await shot(page, `new-phone-${colorScheme}`);
    });
  }
  await test("without script one is shown the way of the command line", { javaScriptEnabled: false }, async (page) => {
    await page.goto(`${url}/login?next=/new`);
    await page.getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "Sign in" }).click();
    // Playwright's search for texts leaves out what is there without scripts only.
    const way = page.locator("noscript code");
    await way.waitFor();
    assert.match(await way.textContent(), /^vitrine publish model\.onnx/);
    await page.getByRole("link", { name: "New space" }).waitFor();
  });
});
