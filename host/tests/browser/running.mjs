// Calls from the page of a space: the line before them, their progress, what they took, what went wrong, and what came
// before.
//
// usage: node host/tests/browser/running.mjs    (after `make build stage`; SCREENSHOTS=DIR keeps pictures)
import assert from "node:assert/strict";
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { barriers, bundle, root, shot, token, withServer } from "./lib/harness.mjs";

await withServer(async ({ url, publish, test, folder }) => {
  const slow = join(folder, "slow");
  mkdirSync(slow);
  copyFileSync(join(root, "artifacts/guests/workbench.wasm"), join(slow, "app.wasm"));
  writeFileSync(join(slow, "space.toml"), "limits.concurrency = 1\nlimits.deadline = 60.0\n");
  publish(slow, "ada/slow");
  publish(bundle("iris"), "demo/iris");
  publish(bundle("image-classifier"), "demo/image-classifier");

  const flagged = join(folder, "flagged");
  cpSync(bundle("image-classifier"), flagged, { recursive: true, dereference: true });
  const manifest = readFileSync(join(flagged, "space.toml"), "utf8");
  writeFileSync(join(flagged, "space.toml"), `flagging_mode = "manual"\nflagging_options = ["wrong", "offensive"]\n${manifest}`);
  publish(flagged, "ada/flagged");

  const open = async (page, address) => {
    await page.goto(`${url}${address}`);
    await page.locator("html[data-alive]").waitFor();
  };
  const endpoint = async (page, name) => page.getByRole("tab", { name, exact: true }).click();
  const run = (page) => page.getByRole("button", { name: "Run", exact: true }).click();

  await test("who waits sees the place in line, and moves up", {}, async (page, context) => {
    const others = [await context.newPage(), await context.newPage()];
    // All are open before the first runs: who waits for ten seconds is told to come back.
    for (const visitor of [...others, page]) {
      await open(visitor, "/spaces/ada/slow");
      await endpoint(visitor, visitor === page ? "Count" : "Forever");
    }
    for (const other of others) await run(other);
    await others[0].getByText("begun", { exact: true }).waitFor();
    await others[1].getByText("Next in line").waitFor();
    await run(page);
    await page.getByText("2nd in line").waitFor();
    await shot(page, "in-line");
    await others[1].getByRole("button", { name: "Cancel" }).click();
    await others[1].getByText("Cancelled.").waitFor();
    await page.getByText("Next in line").waitFor();
    await others[0].getByRole("button", { name: "Cancel" }).click();
    await page.getByText("1 2 3", { exact: true }).waitFor();
    await page.getByText(/Done in .*model .*CPU .*memory/s).waitFor();
    await shot(page, "done");
  });
  await test("an error says the author's words first, and the rest is copied", { allowed: /502/ }, async (page, context) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await open(page, "/spaces/ada/slow");
    await endpoint(page, "Fail");
    await page.getByRole("tabpanel").getByLabel("Message").fill("the <b>kettle</b> is cold");
    await run(page);
    assert.equal(await page.locator(".notice.error p").first().innerText(), "the <b>kettle</b> is cold");
    await page.getByRole("button", { name: /Copy details/ }).click();
    await page.getByText("Copied").first().waitFor();
    const details = await page.evaluate(() => navigator.clipboard.readText());
    for (const part of ["space: http", "/spaces/ada/slow", "endpoint: fail", "request: ", '"message":"the <b>kettle</b> is cold"', "server: vitrine "]) {
      assert.ok(details.includes(part), `${part} is not in ${details}`);
    }
    assert.deepEqual(await barriers(page), []);
    await shot(page, "error");
  });
  await test("the last runs come back with a click, also after a reload, and go", {}, async (page) => {
    await open(page, "/spaces/demo/iris");
    const length = page.getByLabel("Petal length (cm), as a number");
    const best = page.locator(".best").first();
    for (const [value, species] of [["6", "virginica"], ["1.4", "setosa"]]) {
      await length.fill(value);
      await page.getByLabel("Petal width (cm), as a number").fill(value === "6" ? "2.5" : "0.2");
      await run(page);
      await page.locator(".best", { hasText: species }).waitFor();
    }
    await page.reload();
    await page.locator("html[data-alive]").waitFor();
    await page.locator("summary", { hasText: "Your last runs" }).click();
    assert.equal(await page.locator(".history li").count(), 2);
    await page.locator(".history .example").last().click();
    await best.waitFor();
    assert.deepEqual([await length.inputValue(), await best.innerText()], ["6", "virginica"]);
    await page.getByText("Nothing has run now").waitFor();
    assert.deepEqual(await barriers(page), []);
    await shot(page, "history");
    await page.getByRole("button", { name: "Clear" }).click();
    await page.locator("summary", { hasText: "Your last runs" }).waitFor({ state: "hidden" });
    await page.reload();
    await page.locator("html[data-alive]").waitFor();
    assert.ok(await page.locator("summary", { hasText: "Your last runs" }).isHidden());
  });
  await test("a file is named in the last runs and not kept", {}, async (page) => {
    await open(page, "/spaces/demo/image-classifier");
    await page.locator("input[type=file]").first().setInputFiles(join(bundle("image-classifier"), "flower.jpg"));
    await run(page);
    await page.locator(".best", { hasText: "daisy" }).waitFor();
    const kept = await page.evaluate(() => JSON.stringify({ ...sessionStorage }));
    assert.ok(kept.includes("flower.jpg") && kept.length < 20_000, `${kept.length} characters`);
    await page.locator("summary", { hasText: "Your last runs" }).click();
    await page.locator(".history .example").click();
    await page.getByText("The file is not kept").waitFor();
    assert.equal(await page.locator(".inputs .preview").count(), 0);
    assert.equal(await page.locator(".best").first().innerText(), "daisy");
  });
  await test("an example shows at once what it gave, without a call", {}, async (page) => {
    const calls = [];
    page.on("request", (request) => request.method() === "POST" && calls.push(request.url()));
    await open(page, "/spaces/demo/image-classifier");
    await page.locator("button.example").last().click();
    await page.locator(".best", { hasText: "palace" }).waitFor();
    await page.getByText("Nothing has run now").waitFor();
    await page.getByText("cached", { exact: true }).waitFor();
    assert.equal(await page.locator(".inputs .preview").count(), 1);
    assert.deepEqual(calls, []);
    assert.deepEqual(await barriers(page), []);
    await shot(page, "example-cached");
    await run(page);
    await page.getByText(/Done in/).waitFor();
    assert.equal(calls.length, 1);
  });
  await test("a visitor flags, and the author reads, downloads and deletes", { allowed: /429/ }, async (page, context) => {
    await open(page, "/spaces/ada/flagged");
    await page.locator("button.example").first().click();
    await page.getByText("Nothing has run now").waitFor();
    await run(page);
    await page.getByRole("button", { name: "Flag as wrong" }).click();
    await page.getByText("Flagged: the author sees").waitFor();
    assert.deepEqual(await barriers(page), []);
    await shot(page, "flag");
    assert.equal(await page.getByRole("link", { name: "Flags" }).count(), 0, "a visitor sees none");
    await page.goto(`${url}/spaces/ada/flagged?tab=flags`);
    await page.getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL("**/spaces/ada/flagged?tab=flags");
    await page.locator("html[data-alive]").waitFor();
    const row = page.locator("tbody tr");
    assert.equal(await row.count(), 1);
    for (const text of ["wrong", "predict", "flower.jpg", "daisy"]) await row.getByText(text).first().waitFor();
    assert.deepEqual(await barriers(page), []);
    await shot(page, "flags");
    const download = async (name) => {
      const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name }).click()]);
      return readFileSync(await file.path(), "utf8");
    };
    assert.match(await download("Download CSV"), /^id,at,revision,endpoint,reason,input image,output .*\r\n\d+,.*,predict,wrong,flower.jpg,/);
    assert.equal(JSON.parse(await download("Download JSONL")).reason, "wrong");
    await page.getByRole("button", { name: "Delete the flag" }).click();
    await page.getByRole("button", { name: "Really delete the flag" }).click();
    await page.getByText("Nobody has flagged anything.").waitFor();
  });
  await test("a link brings back inputs of each kind", {}, async (page, context) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const linkOf = async () => {
      await page.getByRole("tabpanel").getByRole("button", { name: /^Copy link/ }).click();
      await page.getByText("Copied").first().waitFor();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    const again = async (name) => {
      const link = await linkOf();
      await page.goto("about:blank");
      await page.goto(link);
      await page.locator("html[data-alive]").waitFor();
      await endpoint(page, name);
      return page.getByRole("tabpanel");
    };
    await open(page, "/spaces/ada/slow");
    await endpoint(page, "Choose");
    const panel = page.getByRole("tabpanel");
    await panel.getByLabel("Level, as a number").fill("7");
    await panel.getByLabel("Loud").check();
    await panel.getByRole("radio", { name: "Foot" }).check();
    await panel.getByRole("checkbox", { name: "Metre" }).check();
    let restored = await again("Choose");
    assert.equal(await restored.getByLabel("Level, as a number").inputValue(), "7");
    assert.ok(await restored.getByLabel("Loud").isChecked());
    assert.ok(await restored.getByRole("radio", { name: "Foot" }).isChecked());
    assert.ok(await restored.getByRole("checkbox", { name: "Metre" }).isChecked());
    assert.ok(!(await restored.getByRole("checkbox", { name: "Foot" }).isChecked()));
    await endpoint(page, "Table");
    await page.getByRole("tabpanel").getByRole("gridcell").first().click();
    await page.keyboard.type("a cell & more");
    await page.keyboard.press("Enter");
    restored = await again("Table");
    await restored.getByRole("gridcell", { name: "a cell & more" }).waitFor();
    await endpoint(page, "Document");
    await page.getByRole("tabpanel").locator("textarea").fill('{ "a": [1, "ü", null] }');
    restored = await again("Document");
    assert.deepEqual(JSON.parse(await restored.locator("textarea").inputValue()), { a: [1, "ü", null] });
    await endpoint(page, "Add");
    await page.getByRole("tabpanel").getByLabel("X", { exact: true }).fill("-1.5");
    restored = await again("Add");
    assert.equal(await restored.getByLabel("X", { exact: true }).inputValue(), "-1.5");
    await endpoint(page, "Classify");
    await page.getByRole("tabpanel").getByLabel("Text").fill("a b");
    restored = await again("Classify");
    assert.equal(await restored.getByLabel("Text").inputValue(), "a b");
  });
});
