// Pictures and sounds that a visitor makes on the page: camera, brush, crop, microphone; and where a model is called
// with them.
//
// usage: node host/tests/browser/capture.mjs    (after `make build stage`; SCREENSHOTS=DIR keeps pictures)
import assert from "node:assert/strict";
import { barriers, bundle, shot, withServer } from "./lib/harness.mjs";

await withServer(async ({ url, publish, test }) => {
  publish(bundle("image-classifier"), "demo/image-classifier");
  const open = async (page) => {
    await page.goto(`${url}/spaces/demo/image-classifier`);
    await page.locator("html[data-alive]").waitFor();
  };
  const classify = async (page) => {
    await page.getByRole("button", { name: "Run" }).click();
    await page.getByText(/Done in/).waitFor();
  };

  await test("a picture is taken with the camera and classified", {}, async (page) => {
    await open(page);
    await page.getByRole("button", { name: "Camera" }).click();
    const dialog = page.getByRole("dialog", { name: "Camera" });
    await dialog.locator("video").waitFor();
    await page.waitForFunction(() => document.querySelector("dialog video")?.videoWidth > 0);
    assert.deepEqual(await barriers(page), []);
    await dialog.getByRole("button", { name: "Take the picture" }).click();
    await page.locator(".preview .file-name", { hasText: "camera.jpg" }).waitFor();
    assert.equal(await page.locator("dialog").count(), 0);
    await classify(page);
  });

  await test("a picture is drawn and classified", {}, async (page) => {
    await open(page);
    await page.locator("vitrine-capture").getByRole("button", { name: "Draw" }).click();
    const canvas = page.getByRole("img", { name: "Drawing area" });
    const { x, y } = await canvas.boundingBox();
    await page.mouse.move(x + 40, y + 40);
    await page.mouse.down();
    await page.mouse.move(x + 200, y + 160, { steps: 5 });
    await page.mouse.up();
    const n_dark = () => canvas.evaluate((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return data.reduce((n, value, at) => n + (at % 4 === 0 && value < 100 ? 1 : 0), 0);
    });
    assert.ok(await n_dark() > 500, "a stroke is there");
    await shot(page, "draw");
    await page.getByRole("button", { name: "Undo" }).click();
    assert.equal(await n_dark(), 0);
    await page.getByRole("button", { name: "Use the drawing" }).click();
    await page.locator(".preview .file-name", { hasText: "drawing.png" }).waitFor();
    await classify(page);
  });

  await test("a picture is cropped by its edges and by dragging", {}, async (page) => {
    await open(page);
    await page.getByRole("button", { name: /daisy|flower|china|example/i }).first().click();
    await page.locator("vitrine-edit-image").getByRole("button", { name: "Crop" }).click();
    const dialog = page.getByRole("dialog", { name: "Crop" });
    await dialog.getByLabel("Right").fill("200");
    await dialog.getByLabel("Bottom").fill("120");
    assert.deepEqual(await barriers(page), []);
    await shot(page, "crop");
    await dialog.getByRole("button", { name: "Crop" }).click();
    const picture = page.locator(".preview img");
    await page.locator(".preview .file-name", { hasText: "-edited.png" }).waitFor();
    await page.waitForFunction(() => document.querySelector(".preview img").naturalWidth === 200);
    assert.equal(await picture.evaluate((image) => image.naturalHeight), 120);
    await page.locator("vitrine-edit-image").getByRole("button", { name: "Crop" }).click();
    const { x, y, width, height } = await dialog.locator("canvas").boundingBox();
    await page.mouse.move(x + width / 4, y + height / 4);
    await page.mouse.down();
    await page.mouse.move(x + width / 2, y + height / 2, { steps: 3 });
    await page.mouse.up();
    await dialog.getByRole("button", { name: "Crop" }).click();
    await page.waitForFunction(() => Math.abs(document.querySelector(".preview img").naturalWidth - 50) <= 2);
    await classify(page);
  });

  await test("a sound is recorded as a WAV file, and shown as its waveform", {}, async (page) => {
    await page.goto(url);
    await page.locator("html[data-alive]").waitFor();
    await page.evaluate(() => {
      const capture = document.createElement("vitrine-capture");
      capture.setAttribute("kind", "audio");
      capture.addEventListener("picked", ({ detail }) => {
        window.picked = detail;
        const player = document.createElement("vitrine-audio");
        player.setAttribute("src", URL.createObjectURL(detail));
        document.querySelector("main").append(player);
      });
      document.querySelector("main").replaceChildren(capture);
    });
    await page.getByRole("button", { name: "Record" }).click();
    await page.getByText("Recording… 1 s").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.waitForFunction(() => window.picked);
    const { name, type, head } = await page.evaluate(async () => ({
      name: window.picked.name, type: window.picked.type, head: await window.picked.slice(0, 4).text() }));
    assert.deepEqual({ name, type, head }, { name: "recording.wav", type: "audio/wav", head: "RIFF" });
    await page.locator("vitrine-audio[data-drawn]").waitFor();
    assert.ok(await page.locator(".waveform").evaluate((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return data.some((value) => value > 0);
    }), "a waveform is drawn");
    await shot(page, "waveform");
  });

  await test("a refused camera is told in words", { permissions: [] }, async (page) => {
    await open(page);
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", "NotAllowedError"));
    });
    await page.getByRole("button", { name: "Camera" }).click();
    await page.getByText("allow it beside the address").waitFor();
  });
});
