// Layouts and events: an app that is computed anew at each change, and one of several blocks that change each other.
//
// usage: node host/tests/browser/layout.mjs    (after `make build stage`; SCREENSHOTS=DIR keeps pictures)
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { barriers, bundle, shot, withServer } from "./lib/harness.mjs";

await withServer(async ({ url, publish, test }) => {
  for (const name of ["growth-explorer", "sentence-labels"]) publish(bundle(name), `demo/${name}`);

  const open = async (page, address) => {
    await page.goto(`${url}${address}`);
    await page.locator("html[data-alive]").waitFor();
  };
  const fits = async (page) => {
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `the page is ${overflow} px wider than the screen`);
  };

  await test("each change computes anew, without a button", {}, async (page) => {
    await open(page, "/spaces/demo/growth-explorer");
    assert.equal(await page.getByRole("button", { name: "Run", exact: true }).count(), 0);
    // 5,000 at first and 200 a month for 20 years, at 5 per cent.
    const total = page.getByRole("region", { name: "Total" });
    await total.getByText(/95[,\s]?769\.9/).waitFor();
    await page.getByLabel("Rate, as a number").fill("0");
    await total.getByText(/53[,\s]?000/).waitFor();
    await page.getByRole("tab", { name: "Year by year" }).click();
    assert.equal(await page.getByRole("tabpanel").locator("tbody tr").count(), 20);
    await page.getByLabel("Years, as a number").fill("3");
    await page.waitForFunction(() => document.querySelectorAll("[role=tabpanel]:not([hidden]) tbody tr").length === 3);
    assert.deepEqual(await barriers(page), []);
    await shot(page, "growth");
  });
  await test("of quick changes only the last one counts", {}, async (page) => {
    await open(page, "/spaces/demo/growth-explorer");
    await page.getByRole("region", { name: "Total" }).getByText(/95[,\s]?769\.9/).waitFor();
    const calls = [];
    page.on("request", (request) => request.method() === "POST" && calls.push(request.postData()));
    const rate = page.getByLabel("Rate, as a number");
    // All at once: a busy machine would spread them over more than the page waits for.
    await rate.evaluate((input) => {
      for (const value of ["1", "2", "3", "0"]) {
        input.value = value;
        input.dispatchEvent(new Event("input", { bubbles: true }));
      }
    });
    await page.getByRole("region", { name: "Total" }).getByText(/53[,\s]?000/).waitFor();
    assert.equal(calls.length, 1);
    assert.match(calls[0], /"rate":0/);
  });
  await test("blocks change each other, and the session keeps the work", {}, async (page) => {
    await open(page, "/spaces/demo/sentence-labels");
    await page.locator("button.example").first().click();
    await page.locator("#split-labels").fill("good, bad");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByText(/Done in/).waitFor();
    await shot(page, "steps-text");
    await page.getByRole("button", { name: "Next" }).click();
    const sentence = page.getByRole("textbox", { name: "Sentence" });
    await page.getByText("0 of 4 sentences have a label.", { exact: true }).waitFor();
    assert.equal(await sentence.inputValue(), "The room was clean.");
    // A click on a row takes its sentence.
    await page.getByRole("gridcell", { name: "Breakfast was cold!" }).click();
    await page.waitForFunction(() => document.querySelector("#assign-sentence").value === "Breakfast was cold!");
    const label = page.getByLabel("Label", { exact: true });
    await label.fill("bad");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByText("1 of 4 sentences have a label.", { exact: true }).waitFor();
    assert.equal(await sentence.inputValue(), "Would I come back?");
    // And so does the keyboard.
    await page.getByRole("gridcell", { name: "The room was clean." }).focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector("#assign-sentence").value === "The room was clean.");
    await label.fill("good");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByText("2 of 4 sentences have a label.", { exact: true }).waitFor();
    assert.deepEqual(await barriers(page), []);
    await shot(page, "steps-labels");
    assert.ok((await page.getByRole("button", { name: "Next" }).boundingBox()).height < 60, "the way on is a button below");
    // The choices are those that were written at first, not those of the app's description.
    const offered = await page.evaluate(() => document.body.innerHTML);
    assert.ok(!offered.includes("value=\"neutral\""), "the old choices are gone");
    await page.reload();
    await page.locator("html[data-alive]").waitFor();
    await page.getByRole("button", { name: "2 Labels" }).click();
    await page.getByText("2 of 4 sentences have a label.", { exact: true }).waitFor();
    await page.getByRole("button", { name: "3 Export" }).click();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    const link = page.getByRole("link", { name: /sentences\.csv/ });
    await link.waitFor();
    const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
    const csv = readFileSync(await file.path(), "utf8");
    assert.match(csv, /^sentence,label\r\n"The room was clean.","good"\r\n"Breakfast was cold!","bad"\r\n/);
    await shot(page, "steps-export");
  });
  await test("what is hidden is not there to be seen", {}, async (page) => {
    await open(page, "/spaces/demo/sentence-labels");
    await page.getByRole("button", { name: "2 Labels" }).click();
    await page.getByText("No sentences yet: go back and split a text.", { exact: true }).waitFor();
    assert.ok(await page.getByRole("textbox", { name: "Sentence" }).isHidden());
  });
  for (const name of ["growth-explorer", "sentence-labels"]) {
    await test(`${name} fits a phone`, { viewport: { width: 390, height: 844 } }, async (page) => {
      await open(page, `/spaces/demo/${name}`);
      await fits(page);
      await shot(page, `phone-${name}`);
    });
    await test(`${name} reads without scripts`, { javaScriptEnabled: false }, async (page) => {
      await page.goto(`${url}/spaces/demo/${name}`);
      const words = { "growth-explorer": ["Monthly", "What of it is interest."], "sentence-labels": ["Labels", "Export"] };
      for (const word of words[name]) await page.getByText(word).first().waitFor();
    });
  }
});
