// The views of a space: the app and how to call it in one page, its files, its revisions. What the page tells people to
// paste is run as it stands, with the real clients.
//
// usage: node host/tests/browser/space.mjs    (after `make build stage clients`; SCREENSHOTS=DIR keeps pictures)
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync, copyFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { promisify } from "node:util";
import { bundle, cache, root, shot, token, withServer } from "./lib/harness.mjs";

const run = promisify(execFile);

await withServer(async ({ url, publish, test, folder }) => {
  for (const name of ["iris", "image-classifier", "word-count"]) publish(bundle(name), `demo/${name}`);
  publish(bundle("iris"), "demo/iris");
  copyFileSync(join(bundle("image-classifier"), "flower.jpg"), join(folder, "flower.jpg"));

  // The programs of the API view, run in `folder`; what each prints.
  const languages = {
    curl: (program) => run("bash", ["-c", program], { cwd: folder }),
    Python: (program) => run(join(cache, "clients/gradio/bin/python"), ["-c", program], { cwd: folder }),
    JavaScript: (program) => {
      const client = join(root, "host/tests/clients/gradio/node_modules/gradio-client-2.7.0/dist/index.js");
      const file = join(folder, "program.mjs");
      // Where the package is; and Node waits for the client's connections otherwise.
      writeFileSync(file, `${program.replace('"@gradio/client"', JSON.stringify(client))}\nprocess.exit(0);`);
      return run("node", [file], { cwd: folder });
    },
    "Python, plain": (program) => run(join(cache, "clients/traces/bin/python"), ["-c", program], { cwd: folder }),
  };
  const runAll = async (page, expected) => {
    for (const [language, execute] of Object.entries(languages)) {
      await page.getByRole("tab", { name: language, exact: true }).click();
      const program = await page.getByRole("tabpanel", { name: language, exact: true }).locator("pre").innerText();
      const { stdout } = await execute(program);
      assert.match(stdout, expected, `${language}:\n${program}\n${stdout}`);
    }
  };

  await test("the programs carry what was entered, and run", {}, async (page) => {
    await page.goto(`${url}/spaces/demo/iris`);
    await page.locator("html[data-alive]").waitFor();
    await page.getByLabel("Petal length (cm), as a number").fill("6");
    await page.getByLabel("Petal width (cm), as a number").fill("2.5");
    await page.getByRole("link", { name: "API" }).click();
    await page.waitForURL("**/spaces/demo/iris?tab=api");
    await page.getByRole("heading", { name: "Use it from a program" }).waitFor();
    await runAll(page, /virginica/);
    await shot(page, "api");
    await page.getByRole("button", { name: "Try it" }).click();
    await page.getByText(/"label": "virginica"/).waitFor();
    await page.goBack();
    await page.getByRole("button", { name: "Run" }).waitFor();
    assert.equal(await page.getByLabel("Petal length (cm), as a number").inputValue(), "6");
    await page.goForward();
    await page.getByRole("heading", { name: "Use it from a program" }).waitFor();
  });
  await test("a link brings back what was entered", {}, async (page, context) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const linkOf = async () => {
      await page.getByRole("button", { name: /^Copy link/ }).click();
      await page.getByText("Copied").first().waitFor();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    await page.goto(`${url}/spaces/demo/iris`);
    await page.locator("html[data-alive]").waitFor();
    await page.getByLabel("Petal length (cm), as a number").fill("6.25");
    const link = await linkOf();
    assert.match(link, /predict\.petal_length=6\.25/);
    await page.goto(link);
    await page.locator("html[data-alive]").waitFor();
    assert.equal(await page.getByLabel("Petal length (cm), as a number").inputValue(), "6.25");
    await page.goto(`${url}/spaces/demo/image-classifier`);
    await page.locator("button.example").last().click();
    await page.goto(await linkOf());
    await page.getByRole("button", { name: "Run" }).click();
    await page.locator(".best").first().waitFor();
    assert.equal(await page.locator(".best").first().innerText(), "palace");
    await page.goto(`${url}/spaces/demo/iris?predict.petal_length=%22x%22&predict.none=1&predict.sepal_width=%zz`);
    await page.locator("html[data-alive]").waitFor();
    assert.equal(await page.getByLabel("Petal length (cm), as a number").inputValue(), "4.3");
  });
  await test("the programs send the example's file, or the reader's own", {}, async (page) => {
    await page.goto(`${url}/spaces/demo/image-classifier?tab=api`);
    await page.locator("html[data-alive]").waitFor();
    await runAll(page, /daisy/);
    await page.getByRole("link", { name: "App" }).click();
    await page.locator("input[type=file]").first().setInputFiles(join(folder, "flower.jpg"));
    await page.getByRole("link", { name: "API" }).click();
    await page.getByText("image=@flower.jpg").first().waitFor({ state: "attached" });
    await runAll(page, /daisy/);
  });
  await test("a stream is called for one answer", {}, async (page) => {
    await page.goto(`${url}/spaces/demo/word-count`);
    await page.locator("button.example").first().click();
    await page.getByRole("link", { name: "API" }).click();
    // Of the 32 words of its first example.
    await runAll(page, /\b32\b/);
  });
  await test("a space shows its files", {}, async (page) => {
    await page.goto(`${url}/spaces/demo/image-classifier`);
    await page.getByRole("link", { name: "Files" }).click();
    await page.waitForURL("**?tab=files");
    const link = page.getByRole("link", { name: "flower.jpg" });
    const address = await link.getAttribute("href");
    assert.equal((await page.request.get(`${url}${address}`)).status(), 200);
    assert.equal(await page.getByRole("link", { name: /\.onnx/ }).count(), 0, "the model stays here");
    await shot(page, "files");
  });
  await test("a space shows its revisions", {}, async (page) => {
    await page.goto(`${url}/spaces/demo/iris?tab=revisions`);
    const rows = page.locator("tbody tr");
    assert.equal(await rows.count(), 2);
    assert.match(await rows.first().innerText(), /^2\s+live/);
    await shot(page, "revisions");
  });
  await test("a space is shown in a page of another site", {}, async (page) => {
    await page.goto(`${url}/spaces/demo/iris?tab=api`);
    const lines = await page.locator(".api").getByText(`${url}/embed.js`).innerText();
    const site = createServer((_, response) => {
      response.setHeader("content-type", "text/html");
      response.end(`<!doctype html><title>Elsewhere</title><link rel="icon" href="data:,"><h1>Elsewhere</h1>${lines}`);
    });
    await new Promise((ready) => site.listen(0, "127.0.0.1", ready));
    try {
      // By another name, so that it is another site for the browser.
      await page.goto(`http://localhost:${site.address().port}/`);
      const frame = page.frameLocator("iframe");
      await frame.getByLabel("Petal length (cm), as a number").fill("6");
      await frame.getByLabel("Petal width (cm), as a number").fill("2.5");
      await frame.getByRole("button", { name: "Run" }).click();
      await frame.locator(".best").first().waitFor();
      assert.equal(await frame.locator(".best").first().innerText(), "virginica");
      await page.waitForFunction(() => {
        const height = document.querySelector("iframe").style.height;
        return height !== "" && height !== "500px";
      });
      const cut = await frame.locator("html").evaluate((html) => html.scrollHeight - html.clientHeight);
      assert.ok(cut <= 1, `${cut} px are cut off`);
      await shot(page, "embed");
    } finally {
      site.close();
    }
    await page.goto(`${url}/embed/demo/iris?theme=dark`);
    assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  });
  await test("only the sites that the owner names show it in a frame", { allowed: /frame-ancestors|ERR_BLOCKED/ }, async (page) => {
    const site = createServer((_, response) => {
      response.setHeader("content-type", "text/html");
      response.end(`<!doctype html><title>Elsewhere</title><link rel="icon" href="data:,"><h1>Elsewhere</h1><iframe src="${url}/embed/demo/iris"></iframe>`);
    });
    await new Promise((ready) => site.listen(0, "127.0.0.1", ready));
    const { port } = site.address();
    const allow = (origins) =>
      fetch(`${url}/api/v1/spaces/demo/iris`, {
        method: "PATCH",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ frame_origins: origins }),
      });
    try {
      assert.equal((await allow([`http://localhost:${port}`])).status, 200);
      await page.goto(`http://localhost:${port}/`);
      await page.frameLocator("iframe").getByRole("button", { name: "Run" }).waitFor();
      const refused = page.waitForEvent("console", (message) => /frame-ancestors/.test(message.text()));
      await page.goto(`http://127.0.0.1:${port}/`);
      await refused;
      assert.equal(await page.frameLocator("iframe").getByRole("button", { name: "Run" }).count(), 0);
    } finally {
      await allow([]);
      site.close();
    }
  });
  for (const javaScriptEnabled of [true, false]) {
    await test(`a space is shared, ${javaScriptEnabled ? "with" : "without"} scripts`, { javaScriptEnabled }, async (page, context) => {
      await page.goto(`${url}/spaces/demo/iris`);
      await page.getByRole("button", { name: "Share" }).click();
      const dialog = page.getByRole("dialog", { name: "Share this space" });
      await dialog.getByText(`${url}/spaces/demo/iris`, { exact: true }).waitFor();
      await dialog.getByRole("img", { name: "The link as a QR code" }).waitFor();
      await dialog.getByText(`<iframe src="${url}/embed/demo/iris"`).waitFor();
      if (javaScriptEnabled) {
        await context.grantPermissions(["clipboard-read", "clipboard-write"]);
        await page.locator("html[data-alive]").waitFor();
        await dialog.getByRole("button", { name: "Copy the link" }).click();
        await dialog.getByText("Copied").first().waitFor();
        assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${url}/spaces/demo/iris`);
      }
      await shot(page, "share");
      await dialog.getByRole("button", { name: "Close" }).click();
      await dialog.waitFor({ state: "hidden" });
      const image = await page.locator('meta[property="og:image"]').getAttribute("content");
      assert.equal(image, `${url}/spaces/demo/iris/card.png`);
      const answer = await page.request.get(image);
      assert.equal(answer.headers()["content-type"], "image/png");
      if (process.env.SCREENSHOTS) writeFileSync(join(process.env.SCREENSHOTS, "card.png"), await answer.body());
      assert.equal(await page.locator('meta[name="twitter:card"]').getAttribute("content"), "summary_large_image");
    });
  }
  await test("the documents for programs can be read", {}, async (page) => {
    await page.goto(`${url}/spaces/demo/iris?tab=api`);
    await page.getByRole("link", { name: "All of it as OpenAPI" }).click();
    await page.locator(".opblock-summary-path", { hasText: "predict" }).first().waitFor();
    await shot(page, "docs-space");
    await page.goto(`${url}/docs`);
    await page.locator(".opblock-summary-path", { hasText: "revisions" }).first().waitFor();
    await shot(page, "docs");
  });
  for (const tab of ["api", "files", "revisions"]) {
    await test(`${tab} fits a phone`, { viewport: { width: 390, height: 844 } }, async (page) => {
      await page.goto(`${url}/spaces/demo/image-classifier?tab=${tab}`);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(overflow <= 0, `the page is ${overflow} px wider than the screen`);
      await shot(page, `phone-${tab}`);
    });
    await test(`${tab} reads without scripts`, { javaScriptEnabled: false }, async (page) => {
      await page.goto(`${url}/spaces/demo/image-classifier`);
      await page.locator(`nav a[href$="tab=${tab}"]`).click();
      const words = { api: "gradio_client", files: "flower.jpg", revisions: "live" };
      await page.getByText(words[tab]).first().waitFor();
    });
  }
});
