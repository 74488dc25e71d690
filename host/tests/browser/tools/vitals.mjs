// Measures what a visitor waits for, on loopback and with a processor slowed down four times: the first contentful
// paint, the moment when the page is alive, and how much the layout shifts. Prints medians; asserts nothing, since
// machines differ.
//
// usage: node host/tests/browser/tools/vitals.mjs    (after `make build stage`)
import { withServer } from "../lib/harness.mjs";
import { examples, pages } from "../lib/pages.mjs";

const [ROUNDS, SLOWDOWN] = [5, 4];

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

await withServer(async ({ url, publish, test }) => {
  for (const [space, path] of Object.entries(examples)) publish(path, space);
  console.log("page | first contentful paint | alive | layout shift | sent, brotli");
  for (const [name, { path }] of Object.entries(pages)) {
    if (/login|not-found/.test(name) || /logs|settings|metrics|flags/.test(path)) continue;
    const rounds = [];
    let sent = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      await test(`${name} ${round}`, { quiet: true }, async (page, context) => {
        const session = await context.newCDPSession(page);
        await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
        await page.addInitScript(() => {
          window.shift = 0;
          new PerformanceObserver((list) => {
            for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) window.shift += value;
          }).observe({ type: "layout-shift", buffered: true });
          new MutationObserver(() => {
            if (document.documentElement.dataset.alive) window.alive ??= performance.now();
          }).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-alive"] });
        });
        await page.goto(`${url}${path}`);
        await page.waitForFunction(() => window.alive);
        await page.waitForLoadState("networkidle");
        const { paint, alive, shift } = await page.evaluate(() => ({
          paint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
          alive: window.alive,
          shift: window.shift,
        }));
        sent = await page.evaluate(() => [...performance.getEntriesByType("resource"), ...performance.getEntriesByType("navigation")]
          .filter(({ name }) => /\/assets\/.*\.(js|wasm)$/.test(name))
          .reduce((bytes, { encodedBodySize }) => bytes + encodedBodySize, 0));
        rounds.push({ paint, alive, shift });
      });
    }
    const of = (key) => median(rounds.map((round) => round[key]));
    console.log(`${name} | ${of("paint").toFixed(0)} ms | ${of("alive").toFixed(0)} ms | ${of("shift").toFixed(3)} | ${(sent / 1000).toFixed(0)} kB`);
  }
});
