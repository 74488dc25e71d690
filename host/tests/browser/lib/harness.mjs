// A server with spaces, a browser, and tests in it. Any error on the console or in a page fails the test: a broken
// hydration shows nowhere else. SCREENSHOTS=DIR keeps pictures.
import assert from "node:assert/strict";
import { spawn, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const root = fileURLToPath(new URL("../../../..", import.meta.url));
export const cache = process.env.VITRINE_CACHE ?? join(root, ".cache");
export const token = "a-token-for-browser-tests";
const vitrine = join(root, "bin/vitrine");
const pictures = process.env.SCREENSHOTS;
if (pictures) mkdirSync(pictures, { recursive: true });

// Runs `body` with a server on a fresh folder, and a browser; `body` gets `{ url, publish, test, folder }`.
export async function withServer(body) {
  const folder = mkdtempSync(join(tmpdir(), "vitrine-browser-"));
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
    const publish = (path, space) =>
      execFileSync(vitrine, ["publish", path, "--to", space, "--server", url, "--token", token], {
        stdio: ["ignore", "ignore", "inherit"],
      });
    const browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        // A camera and a microphone that give test pictures and tones, and WebGL without a graphics card.
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--enable-unsafe-swiftshader"],
    });
    const test = async (name, options, steps) => {
      await inPage(browser, name, options, steps);
      passed += 1;
      if (!options.quiet) console.log(`ok: ${name}`);
    };
    try {
      await body({ url, publish, test, folder });
    } finally {
      await browser.close();
    }
  } finally {
    server.removeAllListeners("exit");
    server.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`${passed} passed, 0 failed`);
}

async function inPage(browser, name, { allowed, quiet: _, ...options }, steps) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const errors = [];
  page.on("pageerror", (error) => errors.push(`page error: ${error}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !(allowed && allowed.test(message.text()))) errors.push(message.text());
  });
  try {
    await steps(page, context);
    assert.deepEqual(errors, [], "no error on the console");
  } catch (error) {
    await shot(page, "failure");
    throw new Error(`${name}: ${error.message}\n${errors.join("\n")}`);
  } finally {
    await context.close();
  }
}

// What axe-core finds that keeps people out: violations of WCAG 2.2 AA that are serious or critical.
export async function barriers(page) {
  const source = readFileSync(join(root, "xtask/setup/node_modules/axe-core/axe.min.js"), "utf8");
  // Evaluated, since the pages allow no script but their own.
  await page.evaluate(source);
  return page.evaluate(async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const { violations } = await window.axe.run(document, { runOnly: tags });
    const bad = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    return bad.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map(({ html, failureSummary }) => `  ${html}\n  ${failureSummary}`).join("\n")}`);
  });
}

// A picture of the whole page, where they are wanted.
export async function shot(page, name) {
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

// The bundle of an example, as `make stage` has made it.
export function bundle(name) {
  return join(cache, "bundles", name);
}
