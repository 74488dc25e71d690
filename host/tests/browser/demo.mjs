// Opens the demo in Chromium as a visitor does: the gallery, iris with changed inputs and by keyboard alone, a
// photograph, a stream, mistakes, a phone.
//
// usage: node host/tests/browser/demo.mjs    (after `make build stage`; SCREENSHOTS=DIR keeps pictures)
import assert from "node:assert/strict";
import { join } from "node:path";
import { bundle, shot, withServer } from "./lib/harness.mjs";

await withServer(async ({ url, publish, test }) => {
  for (const name of ["iris", "image-classifier", "word-count"]) publish(bundle(name), `demo/${name}`);
  await test("the gallery finds a space", {}, async (page) => {
    await page.goto(url);
    await shot(page, "gallery");
    await page.getByRole("searchbox").fill("iris");
    await page.getByRole("link", { name: /Iris species/ }).first().click();
    await page.waitForURL("**/spaces/demo/iris");
    await page.getByRole("heading", { level: 1, name: "Iris species" }).waitFor();
  });
  await test("iris answers through its page", {}, async (page) => {
    await page.goto(`${url}/spaces/demo/iris`);
    const run = page.getByRole("button", { name: "Run" });
    await page.getByLabel(/Petal length/).first().fill("6");
    await page.getByLabel(/Petal width/).first().fill("2.5");
    await run.click();
    await page.getByText("virginica").first().waitFor();
    assert.equal(await page.locator(".best").first().innerText(), "virginica");
    await page.getByText(/Done in/).waitFor();
    await shot(page, "iris");
    const [panel, bar] = await Promise.all([page.locator(".outputs"), page.locator(".confidences li").first()].map((part) => part.boundingBox()));
    assert.ok(bar.x >= panel.x && bar.x + bar.width <= panel.x + panel.width && bar.height < 80, "the bars are inside their panel");
  });
  await test("a photograph is classified", {}, async (page) => {
    await page.goto(`${url}/spaces/demo/image-classifier`);
    await page.locator("input[type=file]").first().setInputFiles(join(bundle("image-classifier"), "flower.jpg"));
    await page.getByRole("button", { name: "Run" }).click();
    await page.locator(".best").first().waitFor();
    assert.equal(await page.locator(".best").first().innerText(), "daisy");
    await shot(page, "photograph");
  });
  await test("an example is loaded by a click", {}, async (page) => {
    await page.goto(`${url}/spaces/demo/image-classifier`);
    await page.locator("button.example").last().click();
    await page.getByRole("button", { name: "Run" }).click();
    await page.locator(".best").first().waitFor();
    assert.equal(await page.locator(".best").first().innerText(), "palace");
  });
  await test("the keyboard is enough", {}, async (page) => {
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
  await test("a stream fills the table", {}, async (page) => {
    await page.goto(`${url}/spaces/demo/word-count`);
    await page.locator("button.example").first().click();
    await page.getByRole("button", { name: "Run" }).click();
    await page.getByText(/Done in/).waitFor();
    assert.equal(await page.locator(".outputs table tbody tr").count(), 5);
    await shot(page, "stream");
  });
  await test("a value outside its range is told at its field", { allowed: /422/ }, async (page) => {
    await page.goto(`${url}/spaces/demo/iris`);
    await page.getByLabel("Petal length (cm), as a number").fill("99");
    await page.getByRole("button", { name: "Run" }).click();
    await page.locator("[role=status]").getByText(/petal_length.*99.*7/).waitFor();
    assert.equal(await page.locator("input[aria-invalid=true]").count(), 1);
    assert.equal(await page.locator(".best").count(), 0, "no result of an earlier run");
    await shot(page, "out-of-range");
  });
  await test("a file that is no picture is told at its field", { allowed: /422/ }, async (page) => {
    await page.goto(`${url}/spaces/demo/image-classifier`);
    const broken = { name: "broken.png", mimeType: "image/png", buffer: Buffer.from("this is no picture") };
    await page.locator("input[type=file]").first().setInputFiles(broken);
    await page.getByRole("button", { name: "Run" }).click();
    await page.locator("[role=status]").getByText(/image/).first().waitFor();
    await shot(page, "no-picture");
  });
  await test("the page fits a phone", { viewport: { width: 390, height: 844 } }, async (page) => {
    await page.goto(`${url}/spaces/demo/iris`);
    await page.getByRole("button", { name: "Run" }).click();
    await page.locator(".best").first().waitFor();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `the page is ${overflow} px wider than the screen`);
    await shot(page, "phone");
  });
  await test("the page reads without scripts", { javaScriptEnabled: false }, async (page) => {
    await page.goto(`${url}/spaces/demo/iris`);
    for (const text of ["Iris species", "Sepal length", "Petal width", "Examples"]) {
      await page.getByText(text).first().waitFor();
    }
    await shot(page, "without-scripts");
  });
  await test("an address with nothing behind it says so", { allowed: /404/ }, async (page) => {
    const response = await page.goto(`${url}/spaces/demo/nothing`);
    assert.equal(response.status(), 404);
    await page.getByText(/There is no space/).waitFor();
  });
});
