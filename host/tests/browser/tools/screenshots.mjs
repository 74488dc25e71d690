// Writes a picture of every page in light, dark and phone width.
//
// usage: make screenshots    (into the folder `screenshots`, or SCREENSHOTS=DIR)
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { root, token, withServer } from "../lib/harness.mjs";
import { examples, pages } from "../lib/pages.mjs";

const folder = process.env.SCREENSHOTS ?? join(root, "screenshots");
const looks = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  phone: { colorScheme: "light", viewport: { width: 390, height: 844 } },
};

mkdirSync(folder, { recursive: true });
await withServer(async ({ url, publish, test }) => {
  for (const [space, path] of Object.entries(examples)) publish(path, space);
  for (const [look, options] of Object.entries(looks)) {
    await test(look, { ...options, allowed: /404/, reducedMotion: "reduce" }, async (page) => {
      await page.goto(`${url}/login`);
      await page.screenshot({ path: join(folder, `login-${look}.png`), fullPage: true });
      await page.getByLabel("Token").fill(token);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.waitForURL(`${url}/`);
      for (const [name, { path, act }] of Object.entries(pages)) {
        await page.goto(`${url}${path}`);
        await page.locator("html[data-alive]").waitFor();
        await act?.(page);
        // A log is never at its end.
        if (!/logs/.test(path)) await page.waitForLoadState("networkidle");
        await page.screenshot({ path: join(folder, `${name}-${look}.png`), fullPage: true });
      }
    });
  }
});
console.log(`pictures are in ${folder}`);
