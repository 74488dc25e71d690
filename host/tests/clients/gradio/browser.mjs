// A page of another site calls a space with `@gradio/client`, in Chromium. usage: browser.mjs URL TOKEN PRIVATE-URL
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { chromium } from "playwright-core";

const [url, token, privateUrl] = process.argv.slice(2);
const dist = new URL("node_modules/gradio-client-2.7.0/dist/", import.meta.url);
const site = createServer(async (request, response) => {
  if (request.url === "/") {
    response.setHeader("content-type", "text/html");
    response.end("<!doctype html><title>Another site</title>");
  } else if (request.url.endsWith(".js")) {
    response.setHeader("content-type", "text/javascript");
    response.end(await readFile(new URL(`.${request.url}`, dist)));
  } else {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${site.address().port}/`);
  const answers = await page.evaluate(async ({ url, token, privateUrl }) => {
    const { Client } = await import("/browser.js");
    const app = await Client.connect(url);
    const words = [];
    for await (const message of app.submit("/count", [3])) {
      if (message.type === "data") words.push(message.data[0]);
    }
    const [joined] = (await app.predict("/join", [[new Blob(["first"]), new Blob(["second"])]])).data;
    const file = await (await fetch(joined.url)).text();
    const secret = await Client.connect(privateUrl, { token });
    return { words, file, sum: (await secret.predict("/add", [1, 2])).data };
  }, { url, token, privateUrl });
  assert.equal(answers.words.at(-1), "1 2 3");
  assert.ok(answers.words.includes("1 2"));
  assert.match(answers.file, /\nfirst\nsecond$/);
  assert.deepEqual(answers.sum, [3]);
  console.log("ok");
} finally {
  await browser.close();
  site.close();
}
