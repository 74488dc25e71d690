// Every page, in both themes, by axe-core: nothing serious or critical keeps anybody out.
//
// usage: node host/tests/browser/access.mjs    (after `make build stage`; SCREENSHOTS=DIR keeps pictures)
import assert from "node:assert/strict";
import { barriers, shot, token, withServer } from "./lib/harness.mjs";
import { examples, pages } from "./lib/pages.mjs";

await withServer(async ({ url, publish, test }) => {
  for (const [space, path] of Object.entries(examples)) publish(path, space);

  for (const colorScheme of ["light", "dark"]) {
    await test(`every page is open to everybody, ${colorScheme}`, { colorScheme, allowed: /404/ }, async (page) => {
      await page.goto(`${url}/login`);
      await page.getByLabel("Token").fill(token);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.waitForURL(`${url}/`);
      const found = {};
      for (const [name, { path, act }] of Object.entries(pages)) {
        await page.goto(`${url}${path}`);
        await page.locator("html[data-alive]").waitFor();
        await act?.(page);
        found[name] = await barriers(page);
        await shot(page, `${name}-${colorScheme}`);
      }
      assert.deepEqual(Object.entries(found).filter(([, here]) => here.length > 0), []);
    });
  }
});
