// Every component of the example `components` in Chromium: set as a visitor does, run, read back.
//
// usage: node host/tests/browser/components.mjs    (after `make build stage`; SCREENSHOTS=DIR keeps pictures)
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { barriers, bundle, shot, withServer } from "./lib/harness.mjs";

await withServer(async ({ url, publish, test }) => {
  publish(bundle("components"), "demo/components");
  const space = `${url}/spaces/demo/components`;

  // The page with the form of one endpoint in sight.
  const open = async (page, tab) => {
    await page.goto(space);
    await page.locator("html[data-alive]").waitFor();
    await page.getByRole("tab", { name: tab, exact: true }).click();
    return page.getByRole("tabpanel", { name: tab, exact: true });
  };
  const run = async (panel) => {
    await panel.getByRole("button", { name: "Run" }).click();
    await panel.getByText(/Done in/).waitFor();
  };
  const inputs = (panel) => panel.locator("form.inputs");
  const output = (panel, name) => panel.getByRole("region", { name, exact: true });

  // Pastes two rows, as from a spreadsheet.
  const fillTable = async (page, panel) => {
    await panel.getByRole("button", { name: "Add row" }).click();
    await panel.getByRole("gridcell").first().click();
    await page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", "1\t10\tnorth\n2\t14\tsouth\n");
      document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    });
    await panel.getByRole("gridcell", { name: "south" }).waitFor();
  };

  await test("texts, numbers, choices, colours and dates", {}, async (page, context) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const panel = await open(page, "Fields");
    await inputs(panel).getByLabel("Name").fill("Ada");
    const secret = inputs(panel).getByLabel("Secret");
    assert.equal(await secret.getAttribute("type"), "password");
    await secret.fill("hush!");
    await inputs(panel).getByLabel("Email").fill("ada@example.org");
    await inputs(panel).getByLabel("Number", { exact: true }).fill("7");
    await inputs(panel).getByLabel("Share, as a number").fill("0.25");
    await inputs(panel).getByLabel("Agreed").uncheck();
    await inputs(panel).getByLabel("Large").check();
    await inputs(panel).getByLabel("Country").fill("Norway");
    await inputs(panel).getByLabel("Color, as #rrggbb").fill("#12AB9F");
    await inputs(panel).getByLabel("Day").fill("2024-02-29");
    await inputs(panel).getByLabel("Time", { exact: true }).fill("2026-03-29T02:30");
    await panel.getByText("Europe/Oslo").waitFor();
    const interests = inputs(panel).getByLabel("Add to Interests");
    await interests.fill("football");
    await interests.fill("chess");
    await interests.press("Enter");
    const chips = panel.getByRole("list", { name: "Interests, chosen" });
    assert.deepEqual(await chips.getByRole("listitem").locator("span").allInnerTexts(), ["music", "football", "chess"]);
    await panel.getByRole("button", { name: "Remove music" }).click();
    await run(panel);
    const summary = "Ada, Large, from Norway, likes football and chess. A secret of 5 letters, 7 at 0.25. Mail to ada@example.org.";
    assert.equal(await output(panel, "Summary").locator("p").last().innerText(), summary);
    assert.equal(await output(panel, "Agreed").locator(".figure").innerText(), "No");
    assert.equal(await output(panel, "Color").locator("code").innerText(), "#12ab9f");
    assert.equal(await output(panel, "Color").locator("rect").evaluate((rect) => getComputedStyle(rect).fill), "rgb(18, 171, 159)");
    assert.equal(await output(panel, "Day").locator(".text").innerText(), "2024-02-29");
    assert.equal(await output(panel, "Time").locator(".text").innerText(), "2026-03-29 02:30:00");
    await output(panel, "Summary").getByRole("button", { name: /^Copy/ }).click();
    await panel.getByText("Copied").waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), summary);
    assert.deepEqual(await barriers(page), []);
    await shot(page, "components-fields");

    // A link takes what was entered along, but no password.
    await panel.getByRole("button", { name: /^Copy link/ }).click();
    await page.waitForFunction(() => navigator.clipboard.readText().then((text) => text.startsWith("http")));
    const link = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(!link.includes("hush") && link.includes("fields.color"), link);
    await page.goto(link);
    await page.locator("html[data-alive]").waitFor();
    const again = page.getByRole("tabpanel", { name: "Fields", exact: true });
    assert.equal(await inputs(again).getByLabel("Day").inputValue(), "2024-02-29");
    assert.equal(await inputs(again).getByLabel("Secret").inputValue(), "");
    assert.equal(await again.getByRole("list", { name: "Interests, chosen" }).getByRole("listitem").count(), 2);
  });

  await test("what is on no list is told at its field", {}, async (page) => {
    const panel = await open(page, "Fields");
    await inputs(panel).getByLabel("Name").fill("Ada");
    await inputs(panel).getByLabel("Country").fill("Atlantis");
    await panel.getByRole("button", { name: "Run" }).click();
    await panel.getByRole("alert").getByText("Choose one of the list.").waitFor();
    await inputs(panel).getByLabel("Country").fill("Ghana");
    await run(panel);
    await output(panel, "Summary").getByText("from Ghana").waitFor();
  });

  await test("what is said of a text", {}, async (page) => {
    const panel = await open(page, "Words");
    await panel.locator("button.example").first().click();
    await run(panel);
    const classes = output(panel, "Classes");
    const marks = await classes.locator(".highlighted mark").evaluateAll((marks) => marks.map((mark) => mark.firstChild.data));
    assert.deepEqual(marks, ["Ada Lovelace ", "Charles Babbage ", "1833."]);
    const legend = classes.getByRole("list", { name: "Classes" });
    assert.deepEqual(await legend.getByRole("listitem").allInnerTexts(), ["name", "number"]);
    assert.equal(await output(panel, "Scores").locator("mark").count(), 7);
    assert.equal(await output(panel, "Scores").locator("mark.score-p2").count(), 3, "Lovelace, Charles and Babbage are long words");
    const metric = output(panel, "Length");
    assert.equal(await metric.locator(".figure").innerText(), "7words");
    assert.match(await metric.locator(".delta").innerText(), /Up by\s+2$/);
    assert.equal(await output(panel, "Kind").locator(".best").innerText(), "about people");
    await output(panel, "Summary").locator("strong", { hasText: "7" }).waitFor();
    await output(panel, "Page").locator("vitrine-html b", { hasText: "7" }).waitFor();
    await output(panel, "Document").locator("summary").first().click();
    assert.deepEqual(await barriers(page), []);
    await shot(page, "components-words");
  });

  await test("code, and several of a few choices", {}, async (page, context) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const panel = await open(page, "Program");
    const sizes = inputs(panel).getByRole("group", { name: "Sizes" });
    assert.ok(await sizes.getByLabel("Small").isChecked());
    await sizes.getByLabel("Large").check();
    await inputs(panel).getByLabel("Script").fill("def pack(size):\n    return size * 2  # <b>twice</b>");
    await run(panel);
    const program = output(panel, "Program");
    // In colours.
    await program.locator("vitrine-code .hljs-comment", { hasText: "# <b>twice</b>" }).waitFor();
    assert.deepEqual((await program.locator("vitrine-code").innerText()).trim().split("\n").slice(-2),
      ['print(pack("Small"))', 'print(pack("Large"))']);
    await output(panel, "Sizes").locator("vitrine-code .hljs-string", { hasText: '"Large"' }).waitFor();
    await program.getByRole("button", { name: /^Copy/ }).click();
    await panel.getByText("Copied").waitFor();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^def pack/);
    assert.deepEqual(await barriers(page), []);
    await shot(page, "components-code");
  });

  await test("pictures with annotations, to compare, in a gallery, to keep", {}, async (page) => {
    const panel = await open(page, "Pictures");
    await panel.locator("input[type=file]").setInputFiles(join(bundle("components"), "scene.png"));
    await run(panel);
    const annotated = output(panel, "Annotated");
    assert.equal(await annotated.locator("rect.box").count(), 1);
    assert.equal(await annotated.locator("rect.mask").count(), 1);
    const box = await annotated.locator("rect.box").evaluate((rect) => ["x", "y", "width", "height"].map((key) => rect.getAttribute(key)));
    assert.deepEqual(box, ["24", "16", "48", "32"]);
    const red = annotated.getByRole("button", { name: "red" });
    await red.hover();
    await annotated.locator(".part.faint rect.box").waitFor({ state: "attached" });
    await red.click();
    assert.equal(await red.getAttribute("aria-pressed"), "false");
    await annotated.locator(".part.off rect.mask").waitFor({ state: "attached" });
    await red.click();

    const compared = output(panel, "Compared");
    const line = compared.getByRole("slider");
    await line.focus();
    await page.keyboard.press("Home");
    const cut = () => compared.locator(".over").evaluate((over) => getComputedStyle(over).clipPath);
    assert.equal(await cut(), "inset(0px 0px 0px 0%)");
    await page.keyboard.press("End");
    assert.equal(await cut(), "inset(0px 0px 0px 100%)");
    await line.fill("40");

    const channels = output(panel, "Channels");
    assert.equal(await channels.getByRole("listitem").count(), 3);
    await channels.getByRole("button").nth(1).click();
    const large = page.getByRole("dialog");
    await large.getByText("2 of 3").waitFor();
    await page.keyboard.press("ArrowRight");
    await large.getByText("3 of 3").waitFor();
    await shot(page, "components-large");
    await page.keyboard.press("Escape");
    await large.waitFor({ state: "hidden" });

    const kept = page.waitForEvent("download");
    await output(panel, "File").getByRole("link", { name: "Download negative.png" }).click();
    const file = await kept;
    assert.equal(file.suggestedFilename(), "negative.png");
    assert.equal(readFileSync(await file.path()).subarray(1, 4).toString(), "PNG");
    assert.deepEqual(await barriers(page), []);
    await shot(page, "components-pictures");
  });

  await test("two pictures change places", {}, async (page) => {
    const panel = await open(page, "Swap");
    const scene = { name: "scene.png", mimeType: "image/png", buffer: readFileSync(join(bundle("components"), "scene.png")) };
    const dot = { name: "dot.png", mimeType: "image/png", buffer: Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64") };
    await panel.locator("input[type=file]").setInputFiles([scene, dot]);
    await run(panel);
    const [first, second] = await output(panel, "Output").locator(".stack img").evaluateAll((all) => all.map((image) => image.naturalWidth));
    assert.deepEqual([first, second], [1, 96]);
  });

  await test("a table and plots of it", {}, async (page) => {
    const panel = await open(page, "Tables");
    await fillTable(page, panel);
    await run(panel);
    await output(panel, "Table").getByRole("gridcell", { name: "south" }).waitFor();
    // One line for each region, one bar for each, and as many dots as rows.
    for (const [name, mark, count] of [["Lines", "line", 2], ["Bars", "rect", 2], ["Dots", "symbol", 2], ["Plot", "rect", 3]]) {
      const marks = output(panel, name).locator(`.mark-${mark}.role-mark path`);
      await marks.first().waitFor({ state: "attached" });
      assert.equal(await marks.count(), count, name);
    }
    await output(panel, "Map").locator("svg .map-point").waitFor();
    assert.deepEqual(await barriers(page), []);
    await shot(page, "components-tables");
  });

  await test("files come back as they were", {}, async (page) => {
    const panel = await open(page, "Files");
    await panel.locator("button.example").first().click();
    const note = (name, text) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
    await inputs(panel).getByLabel(/^Choose files/).setInputFiles([note("one.txt", "first"), note("two.txt", "second")]);
    await panel.getByText("two.txt").waitFor();
    await run(panel);
    for (const [name, file, text] of [["First", "one.txt", "first"], ["Model", "tetrahedron.obj", "# a tetrahedron"]]) {
      const kept = page.waitForEvent("download");
      await output(panel, name).getByRole("link", { name: new RegExp(file) }).click();
      assert.ok(readFileSync(await (await kept).path()).toString().startsWith(text));
    }
    await output(panel, "Model").locator("vitrine-model3d canvas").waitFor();
    await shot(page, "components-files");
  });

  await test("a sound is recorded, a film is taken, and both come back", {}, async (page) => {
    const panel = await open(page, "Files");
    await inputs(panel).getByRole("button", { name: "Record" }).click();
    await page.getByText("Recording… 1 s").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await inputs(panel).getByText("recording.wav").first().waitFor();
    await inputs(panel).getByRole("button", { name: "Camera" }).click();
    const dialog = page.getByRole("dialog", { name: "Camera" });
    await page.waitForFunction(() => document.querySelector("dialog video")?.currentTime > 1);
    await dialog.getByRole("button", { name: "Stop" }).click();
    await inputs(panel).locator("video").waitFor();
    await run(panel);
    await output(panel, "Sound").locator("vitrine-audio[data-drawn]").waitFor();
    const film = output(panel, "Film").locator("video");
    await page.waitForFunction((film) => film.readyState >= 1 && film.videoWidth > 0, await film.elementHandle());
    await shot(page, "components-media");
  });

  await test("pictures, places and marks are entered by pointing", {}, async (page) => {
    const panel = await open(page, "Point");
    const buffer = readFileSync(join(bundle("components"), "scene.png"));
    const pictures = ["scene.png", "again.png"].map((name) => ({ name, mimeType: "image/png", buffer }));
    await inputs(panel).getByLabel(/^Choose images/).setInputFiles(pictures);
    await inputs(panel).getByText("again.png").first().waitFor();
    const map = inputs(panel).locator("vitrine-map svg");
    await map.locator(".map-land").first().waitFor({ state: "attached" });
    const { width, height } = await map.boundingBox();
    await map.click({ position: { x: width * 0.5, y: height * 0.5 } });
    await map.locator(".map-point").waitFor();
    await map.click({ position: { x: width * 0.25, y: height * 0.4 } });
    await inputs(panel).locator(".map-point").nth(1).waitFor();
    // A click on a point takes it away.
    await map.click({ position: { x: width * 0.25, y: height * 0.4 } });
    await inputs(panel).locator(".map-point").nth(1).waitFor({ state: "detached" });

    const text = inputs(panel).getByLabel("Marks, the text");
    const mark = async (start, end, name) => {
      await text.evaluate((area, [start, end]) => area.setSelectionRange(start, end), [start, end]);
      await inputs(panel).getByLabel("Marks, the class of the selected part").fill(name);
      await inputs(panel).getByRole("button", { name: "Mark the selection" }).click();
    };
    await text.fill("Ada met Charles.");
    await mark(0, 3, "person");
    await mark(4, 7, "verb");
    await mark(8, 15, "person");
    // What is typed in front of a mark moves it.
    await text.press("Home");
    await page.keyboard.type("So ");
    await inputs(panel).getByRole("button", { name: /^met/ }).click();
    await run(panel);
    await output(panel, "Said").getByText("Ada is a person, Charles is a person").waitFor();
    assert.deepEqual(await output(panel, "Marks").locator("mark").allInnerTexts(), ["AdaPERSON", "CharlesPERSON"]);
    assert.equal(await output(panel, "Pictures").locator(".thumbnail").count(), 2);
    assert.equal(await output(panel, "Places").locator(".map-point").count(), 1);
    assert.deepEqual(await barriers(page), []);
    await shot(page, "components-point");
    // The same as JSON, for who cannot point.
    await inputs(panel).getByText("As JSON").first().click();
    const [longitude, latitude] = JSON.parse(await inputs(panel).locator("#point-places").inputValue()).features[0].geometry.coordinates;
    assert.ok(Math.abs(longitude) < 1 && Math.abs(latitude) < 1, `the middle of the map is ${longitude}, ${latitude}`);
  });

  await test("a picture comes step by step, and a point of it is selected", {}, async (page) => {
    const panel = await open(page, "Develop");
    // Large, so that its steps do not come all at once.
    const large = await page.evaluate(() => {
      const canvas = Object.assign(document.createElement("canvas"), { width: 1600, height: 1200 });
      const context = canvas.getContext("2d");
      const gradient = context.createLinearGradient(0, 0, 1600, 1200);
      gradient.addColorStop(0, "tomato");
      gradient.addColorStop(1, "gold");
      context.fillStyle = gradient;
      context.fillRect(0, 0, 1600, 1200);
      return canvas.toDataURL("image/png").split(",")[1];
    });
    const buffer = Buffer.from(large, "base64");
    await inputs(panel).getByLabel(/^Choose an image/).setInputFiles({ name: "large.png", mimeType: "image/png", buffer });
    const picture = output(panel, "Output").locator("img");
    await page.evaluate(() => {
      window.shown = new Set();
      new MutationObserver(() => {
        for (const image of document.querySelectorAll("[role=tabpanel]:not([hidden]) .output img")) window.shown.add(image.src);
      }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["src"] });
    });
    await run(panel);
    // Three steps and the answer; a slow browser may leave one out.
    const n_shown = await page.evaluate(() => window.shown.size);
    assert.ok(n_shown >= 3 && n_shown <= 4, `${n_shown} pictures`);
    const [width, height, shownWidth, shownHeight] = await picture.evaluate((image) =>
      [image.naturalWidth, image.naturalHeight, image.clientWidth, image.clientHeight]);
    await picture.click({ position: { x: shownWidth / 2, y: shownHeight / 2 } });
    await page.getByRole("tab", { name: "Pixel", exact: true }).click();
    const said = page.getByRole("tabpanel", { name: "Pixel", exact: true }).getByText(/from the left/).last();
    await said.waitFor();
    const [left, top] = (await said.innerText()).match(/\d+/g).map(Number);
    assert.ok(Math.abs(left - width / 2) <= 2 && Math.abs(top - height / 2) <= 2, `${left}, ${top} of ${width}, ${height}`);
  });

  await test("a bar of a plot is selected", {}, async (page) => {
    const panel = await open(page, "Tables");
    await fillTable(page, panel);
    await run(panel);
    await output(panel, "Bars").locator("svg .mark-rect path").first().click();
    await page.getByRole("tab", { name: "Bar", exact: true }).click();
    await page.getByRole("tabpanel", { name: "Bar", exact: true }).getByText(/"region":/).waitFor();
  });

  await test("a clock ticks while the page is open", {}, async (page) => {
    const panel = await open(page, "Clock");
    await output(panel, "Output").locator(".figure", { hasText: /^[2-9]$/ }).waitFor();
  });

  await test("a long call says how far it is and how long it may take", {}, async (page) => {
    const panel = await open(page, "Primes");
    await inputs(panel).getByLabel("Below").fill("300000000");
    await panel.getByRole("button", { name: "Run" }).click();
    await panel.getByText(/about \d+ (s|min) left/).waitFor();
    await panel.getByText(/primes so far/).waitFor();
    await shot(page, "components-progress");
    await panel.getByRole("button", { name: "Cancel" }).click();
    await panel.getByText("Cancelled.").waitFor();
  });

  await test("a conversation goes on, is copied, and put again", {}, async (page, context) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const panel = await open(page, "Converse");
    const box = inputs(panel).getByLabel("Chat", { exact: true });
    const messages = panel.getByRole("log", { name: "Conversation" }).getByRole("listitem");
    await box.fill("Hello");
    await box.press("Enter");
    await panel.getByText("which has 5 letters.").waitFor();
    assert.equal(await messages.count(), 2);
    await messages.nth(1).locator("strong", { hasText: "Hello" }).waitFor();
    assert.equal(await box.inputValue(), "");
    await box.fill("Again, <b>please</b>");
    await box.press("Enter");
    await panel.getByText("which has 20 letters.").waitFor();
    assert.equal(await messages.count(), 4);
    assert.equal(await messages.nth(2).locator("vitrine-markdown").innerText(), "Again, <b>please</b>");
    await messages.nth(1).getByRole("button", { name: /^Copy/ }).click();
    await panel.getByText("Copied").waitFor();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^You said \*\*Hello\*\*/);
    await panel.getByText(/Done in/).waitFor();
    await panel.getByRole("button", { name: "Retry" }).click();
    await panel.getByRole("button", { name: "Cancel" }).waitFor({ state: "detached" });
    await panel.getByText(/Done in/).waitFor();
    assert.equal(await messages.count(), 4);
    assert.deepEqual(await barriers(page), []);
    await shot(page, "components-chat");
    await panel.getByRole("button", { name: "Start again" }).click();
    assert.equal(await messages.count(), 0);
  });

  for (const tab of ["Fields", "Words", "Pictures", "Converse"]) {
    await test(`${tab} fits a phone, in the dark`, { viewport: { width: 390, height: 844 }, colorScheme: "dark" }, async (page) => {
      const panel = await open(page, tab);
      await panel.locator("button.example").first().click();
      await run(panel);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(overflow <= 0, `the page is ${overflow} px wider than the screen`);
      assert.deepEqual(await barriers(page), []);
      await shot(page, `phone-components-${tab.toLowerCase()}`);
    });
  }
});
