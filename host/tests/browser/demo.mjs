// Opens the demo in Chromium as a visitor does: the gallery, iris with changed inputs and by keyboard alone, a
// photograph, a stream, mistakes, a phone.
// Any error on the console or in the page fails the test: a broken hydration shows nowhere else.
//
// usage: node host/tests/browser/demo.mjs    (after `make build stage`; SCREENSHOTS=DIR keeps pictures)
import assert from "node:assert/strict";
import { spawn, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const cache = process.env.VITRINE_CACHE ?? join(root, ".cache");
const vitrine = join(root, "bin/vitrine");
const token = "a-token-for-browser-tests";
const folder = mkdtempSync(join(tmpdir(), "vitrine-browser-"));
const pictures = process.env.SCREENSHOTS;
if (pictures) mkdirSync(pictures, { recursive: true });

const server = spawn(vitrine, ["serve", "--listen", "127.0.0.1:0", "--data", join(folder, "data")], {
  env: { ...process.env, VITRINE_ADMIN_TOKEN: token },
  stdio: ["ignore", "pipe", "inherit"],
});
let passed = 0;

try {
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: server.stdout }).on("line", (line) => {
      const found = line.match(/^Vitrine serves at (.*)$/);
      if (found) resolve(found[1]);
    });
    server.on("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  });
  for (const name of ["iris", "image-classifier", "word-count"]) {
    execFileSync(vitrine, ["publish", join(cache, "bundles", name), "--to", `demo/${name}`, "--server", url, "--token", token], {
      stdio: ["ignore", "ignore", "inherit"],
    });
  }
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  try {
    await test("the gallery finds a space", browser, {}, async (page) => {
      await page.goto(url);
      await shot(page, "gallery");
      await page.getByRole("searchbox").fill("iris");
      await page.getByRole("link", { name: /Iris species/ }).first().click();
      await page.waitForURL("**/spaces/demo/iris");
      await page.getByRole("heading", { level: 1, name: "Iris species" }).waitFor();
    });
    await test("iris answers through its page", browser, {}, async (page) => {
      await page.goto(`${url}/spaces/demo/iris`);
      const run = page.getByRole("button", { name: "Run" });
      await page.getByLabel(/Petal length/).first().fill("6");
      await page.getByLabel(/Petal width/).first().fill("2.5");
      await run.click();
      await page.getByText("virginica").first().waitFor();
      assert.equal(await page.locator(".best").first().innerText(), "virginica");
      await page.getByText(/Done in/).waitFor();
      await shot(page, "iris");
    });
    await test("a photograph is classified", browser, {}, async (page) => {
      await page.goto(`${url}/spaces/demo/image-classifier`);
      await page.locator("input[type=file]").first().setInputFiles(join(cache, "bundles/image-classifier/flower.jpg"));
      await page.getByRole("button", { name: "Run" }).click();
      await page.locator(".best").first().waitFor();
      assert.equal(await page.locator(".best").first().innerText(), "daisy");
      await shot(page, "photograph");
    });
    await test("an example is loaded by a click", browser, {}, async (page) => {
      await page.goto(`${url}/spaces/demo/image-classifier`);
      await page.locator("button.example").last().click();
      await page.getByRole("button", { name: "Run" }).click();
      await page.locator(".best").first().waitFor();
      assert.equal(await page.locator(".best").first().innerText(), "palace");
    });
    await test("the keyboard is enough", browser, {}, async (page) => {
      await page.goto(`${url}/spaces/demo/iris`);
      await page.locator("html[data-alive]").waitFor();
      await page.getByLabel("Petal length (cm), as a number").focus();
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.type("1.4");
      // On to the next slider, and down to its least.
      await page.keyboard.press("Tab");
      await page.keyboard.press("Home");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.locator(".best").first().waitFor();
      assert.equal(await page.locator(".best").first().innerText(), "setosa");
    });
    await test("a stream fills the table", browser, {}, async (page) => {
      await page.goto(`${url}/spaces/demo/word-count`);
      await page.locator("button.example").first().click();
      await page.getByRole("button", { name: "Run" }).click();
      await page.getByText(/Done in/).waitFor();
      assert.equal(await page.locator("table tbody tr").count(), 5);
      await shot(page, "stream");
    });
    await test("a value outside its range is told at its field", browser, { allowed: /422/ }, async (page) => {
      await page.goto(`${url}/spaces/demo/iris`);
      await page.getByLabel("Petal length (cm), as a number").fill("99");
      await page.getByRole("button", { name: "Run" }).click();
      await page.locator("[role=status]").getByText(/petal_length.*99.*7/).waitFor();
      assert.equal(await page.locator("input[aria-invalid=true]").count(), 1);
      assert.equal(await page.locator(".best").count(), 0, "no result of an earlier run");
      await shot(page, "out-of-range");
    });
    await test("a file that is no picture is told at its field", browser, { allowed: /422/ }, async (page) => {
      await page.goto(`${url}/spaces/demo/image-classifier`);
      const broken = { name: "broken.png", mimeType: "image/png", buffer: Buffer.from("this is no picture") };
      await page.locator("input[type=file]").first().setInputFiles(broken);
      await page.getByRole("button", { name: "Run" }).click();
      await page.locator("[role=status]").getByText(/image/).first().waitFor();
      await shot(page, "no-picture");
    });
    await test("the page fits a phone", browser, { viewport: { width: 390, height: 844 } }, async (page) => {
      await page.goto(`${url}/spaces/demo/iris`);
      await page.getByRole("button", { name: "Run" }).click();
      await page.locator(".best").first().waitFor();
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(overflow <= 0, `the page is ${overflow} px wider than the screen`);
      await shot(page, "phone");
    });
    await test("the page reads without scripts", browser, { javaScriptEnabled: false }, async (page) => {
      await page.goto(`${url}/spaces/demo/iris`);
      for (const text of ["Iris species", "Sepal length", "Petal width", "Examples"]) {
        await page.getByText(text).first().waitFor();
      }
      await shot(page, "without-scripts");
    });
    await test("an address with nothing behind it says so", browser, { allowed: /404/ }, async (page) => {
      const response = await page.goto(`${url}/spaces/demo/nothing`);
      assert.equal(response.status(), 404);
      await page.getByText(/There is no space/).waitFor();
    });
  } finally {
    await browser.close();
  }
} finally {
  server.removeAllListeners("exit");
  server.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, 0 failed`);

async function test(name, browser, { allowed, ...options }, body) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const errors = [];
  page.on("pageerror", (error) => errors.push(`page error: ${error}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !(allowed && allowed.test(message.text()))) errors.push(message.text());
  });
  try {
    await body(page);
    assert.deepEqual(errors, [], "no error on the console");
    passed += 1;
    console.log(`ok: ${name}`);
  } catch (error) {
    await shot(page, "failure");
    throw new Error(`${name}: ${error.message}\n${errors.join("\n")}`);
  } finally {
    await context.close();
  }
}

async function shot(page, name) {
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}
