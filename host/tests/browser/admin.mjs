// What the holder of the token does with the browser: signs in, hides a space, follows its log, rolls it back, deletes
// it, signs out.
//
// usage: node host/tests/browser/admin.mjs    (after `make build stage`; SCREENSHOTS=DIR keeps pictures)
import assert from "node:assert/strict";
import { join } from "node:path";
import { bundle, root, shot, token, withServer } from "./lib/harness.mjs";

await withServer(async ({ url, publish, test }) => {
  publish(bundle("iris"), "demo/iris");
  publish(bundle("iris"), "demo/iris");
  publish(join(root, "artifacts/guests/workbench.wasm"), "ada/workbench");

  const signIn = async (page, next) => {
    await page.goto(`${url}${next}`);
    await page.getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(`${url}${next}`);
    await page.locator("html[data-alive]").waitFor();
  };

  await test("a visitor sees nothing to manage", {}, async (page) => {
    await page.goto(`${url}/spaces/demo/iris?tab=revisions`);
    for (const name of ["Logs", "Settings"]) assert.equal(await page.getByRole("link", { name }).count(), 0);
    assert.equal(await page.getByRole("button", { name: /Make live/ }).count(), 0);
  });
  await test("a wrong token is told", { allowed: /401/ }, async (page) => {
    await page.goto(url);
    await page.getByRole("link", { name: "Sign in" }).click();
    await page.getByLabel("Token").fill("not the token");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").getByText("This is not the token").waitFor();
    await shot(page, "login");
  });
  await test("a revision is rolled back", {}, async (page) => {
    await signIn(page, "/spaces/demo/iris?tab=settings");
    await page.getByRole("link", { name: "Revisions" }).click();
    await page.getByRole("button", { name: "Make live: revision 1" }).click();
    await page.getByRole("button", { name: "Make live: revision 2" }).waitFor();
    assert.match(await page.locator("tbody tr").last().innerText(), /^1\s+live/);
    await shot(page, "revisions-admin");
  });
  await test("a space is hidden, and shown again", {}, async (page, context) => {
    await signIn(page, "/spaces/demo/iris?tab=settings");
    await page.getByLabel("Private").check();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    await shot(page, "settings");
    const status = async () => (await fetch(`${url}/spaces/demo/iris`)).status;
    assert.equal(await status(), 404);
    await page.getByRole("link", { name: "App" }).click();
    await page.getByRole("button", { name: "Run" }).click();
    await page.getByText(/Done in/).waitFor();
    await page.goBack();
    await page.locator("html[data-alive]").waitFor();
    await page.getByLabel("Public").check();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    assert.equal(await status(), 200);
    const cookies = await context.cookies();
    assert.ok(cookies.some((cookie) => cookie.name === "vitrine_sign_in" && cookie.httpOnly));
  });
  await test("the log is followed as it is written", {}, async (page) => {
    await signIn(page, "/spaces/ada/workbench?tab=logs");
    await page.getByText("Following").waitFor();
    const call = (message) =>
      fetch(`${url}/spaces/ada/workbench/api/fail`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ message }),
      });
    const refused = await fetch(`${url}/api/v1/spaces/ada/workbench/revisions?filename=app.wasm`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: "this is no <b>component</b>",
    });
    await refused.text();
    await page.locator(".line.error").first().waitFor();
    const n_lines = await page.locator(".line").count();
    await page.getByLabel("Lines that contain").fill("publish failed");
    await page.locator(".line.error").first().waitFor();
    assert.ok((await page.locator(".line").count()) <= n_lines);
    await page.getByLabel("Lines that contain").fill("surely nothing says this");
    await page.locator(".line").first().waitFor({ state: "detached" });
    await page.getByLabel("Lines that contain").fill("");
    await page.getByLabel("Least level").selectOption("Errors");
    await page.locator(".line.error").first().waitFor();
    await call("x");
    await shot(page, "logs");
  });
  await test("a space is deleted by its name", {}, async (page) => {
    await signIn(page, "/spaces/ada/workbench?tab=settings");
    const button = page.getByRole("button", { name: "Delete" });
    assert.ok(await button.isDisabled());
    await page.getByLabel(/Type ada\/workbench/).fill("ada/other");
    assert.ok(await button.isDisabled());
    await page.getByLabel(/Type ada\/workbench/).fill("ada/workbench");
    await button.click();
    await page.waitForURL("**/?q=ada");
    assert.equal((await fetch(`${url}/spaces/ada/workbench`)).status, 404);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("link", { name: "Sign in" }).waitFor();
  });
});
