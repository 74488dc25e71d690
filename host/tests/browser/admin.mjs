// What the holder of the token does with the browser: signs in, changes what a space says and may use, sets secrets,
// follows its log and its metrics, looks at revisions and rolls back, duplicates, deletes, signs out.
//
// usage: node host/tests/browser/admin.mjs    (after `make build stage`; SCREENSHOTS=DIR keeps pictures)
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { bundle, root, shot, token, withServer } from "./lib/harness.mjs";

await withServer(async ({ url, publish, test, folder }) => {
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
    for (const name of ["Logs", "Metrics", "Settings", "Duplicate"]) assert.equal(await page.getByRole("link", { name }).count(), 0);
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
    assert.match(await page.locator("tbody tr").last().innerText(), /by admin/);
    await shot(page, "revisions-admin");
    await page.getByRole("link", { name: "Changes of revision 2" }).click();
    await page.getByRole("heading", { name: "Revision 2 against revision 1" }).waitFor();
    await page.getByText("The interface is as it was.").waitFor();
    await page.getByRole("link", { name: "All revisions" }).click();
    await page.getByRole("link", { name: "Changes of revision 1" }).click();
    await page.getByRole("heading", { name: "Revision 1, the first" }).waitFor();
    await shot(page, "diff");
  });
  await test("a space is hidden, and shown again", {}, async (page, context) => {
    await signIn(page, "/spaces/demo/iris?tab=settings");
    await page.getByLabel("Private").check();
    await page.getByRole("button", { name: "Save visibility" }).click();
    await page.getByText("Saved.").waitFor();
    await shot(page, "settings");
    const status = async () => (await fetch(`${url}/spaces/demo/iris`)).status;
    assert.equal(await status(), 404);
    await page.getByRole("link", { name: "App" }).click();
    await page.getByRole("button", { name: "Run" }).click();
    await page.getByText(/Done in/).waitFor();
    await page.goBack();
    await page.getByLabel("Public").check();
    await page.getByRole("button", { name: "Save visibility" }).click();
    await page.getByText("Saved.").waitFor();
    await page.getByLabel("Public").and(page.locator(":checked")).waitFor();
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
  await test("a log of a hundred thousand lines stays smooth", {}, async (page) => {
    publish(bundle("iris"), "ada/chatty");
    fillLog(join(folder, "data/vitrine.db"));
    await signIn(page, "/spaces/ada/chatty?tab=logs");
    await page.getByText("100000 lines").waitFor();
    await page.locator(".line", { hasText: "line 99999 of many" }).waitFor();
    assert.equal(await page.locator(".line").count(), 1000);
    // The longest that a press of a key keeps the page busy, in milliseconds, for the record.
    const busy = await page.evaluate(() => new Promise((resolve) => {
      const begun = performance.now();
      const words = document.querySelector("#log-words");
      words.value = "line 99";
      words.dispatchEvent(new Event("input", { bubbles: true }));
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun)));
    }));
    console.log(`filtering 100,000 lines: ${busy.toFixed(0)} ms`);
    await page.getByLabel("Lines that contain").fill("");
    await page.getByRole("button", { name: "Older lines" }).click();
    await page.locator(".line", { hasText: "line 98000 of many" }).waitFor();
    await page.getByLabel("Lines that contain").fill("line 7 of many");
    await page.locator(".line", { hasText: "line 7 of many" }).waitFor();
    assert.equal(await page.locator(".line").count(), 1);
    await shot(page, "long-log");
  });
  await test("title, description and tags change at once", {}, async (page) => {
    await signIn(page, "/spaces/demo/iris?tab=settings");
    await page.getByLabel("Title").fill("Flowers of <Gaspé>");
    await page.getByLabel("Description").fill("# Flowers\n\nTold *anew*.");
    await page.getByLabel("Tags").fill("garden, two words");
    await page.getByRole("button", { name: "Save title and description" }).click();
    await page.getByText("Saved.").waitFor();
    await page.getByRole("heading", { name: "Flowers of <Gaspé>" }).waitFor();
    await page.locator(".prose em", { hasText: "anew" }).waitFor();
    assert.equal(await page.getByLabel("Description").inputValue(), "# Flowers\n\nTold *anew*.");
    await page.goto(`${url}/?q=garden`);
    await page.getByRole("link", { name: "Flowers of <Gaspé>" }).click();
    await page.getByRole("link", { name: "two words" }).waitFor();
    await page.goto(`${url}/spaces/demo/iris?tab=settings`);
    for (const label of ["Title", "Description", "Tags"]) await page.getByLabel(label).fill("");
    await page.getByRole("button", { name: "Save title and description" }).click();
    await page.getByRole("heading", { name: "Iris species" }).waitFor();
  });
  await test("a limit above the operator's is refused beside what was entered", { allowed: /422/ }, async (page) => {
    await signIn(page, "/spaces/demo/iris?tab=settings");
    await page.getByLabel("Memory of one instance").fill("3 GiB");
    await page.getByLabel("Deadline of a call").fill("2.5");
    await page.getByRole("button", { name: "Save limits" }).click();
    await page.getByRole("alert").getByText("3 GiB, but this server gives at most 2 GiB").waitFor();
    assert.equal(await page.getByLabel("Deadline of a call").inputValue(), "2.5");
    await shot(page, "settings-refused");
    await page.getByLabel("Memory of one instance").fill("512 MiB");
    await page.getByRole("button", { name: "Save limits" }).click();
    await page.getByText("Saved.").waitFor();
    const { space } = await (await fetch(`${url}/api/v1/spaces/demo/iris`)).json();
    assert.deepEqual([space.limits.memory_bytes, space.limits.deadline_seconds], [512 << 20, 2.5]);
  });
  await test("a secret is set, used and never shown", {}, async (page) => {
    await signIn(page, "/spaces/ada/workbench?tab=settings");
    const set = async (key, value, secret) => {
      await page.getByLabel("Key").fill(key);
      await page.getByLabel("Value").fill(value);
      await page.getByLabel("It is a secret").setChecked(secret);
      await page.getByRole("button", { name: "Save value" }).click();
      await page.getByText("Saved.").waitFor();
    };
    await set("token", "hunter2", true);
    await set("greeting", "hello", false);
    await page.getByText("secret, never shown").waitFor();
    await page.getByRole("cell", { name: "hello" }).waitFor();
    assert.ok(!(await page.content()).includes("hunter2"));
    await shot(page, "settings-config");
    const answer = await fetch(`${url}/spaces/ada/workbench/api/setting`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({ key: "token" }),
    });
    assert.deepEqual((await answer.json()).data, ["hunter2"]);
    await page.getByRole("button", { name: "Remove token" }).click();
    await page.getByText("secret, never shown").waitFor({ state: "detached" });
  });
  await test("settings work without scripts", { javaScriptEnabled: false }, async (page) => {
    await page.goto(`${url}/login?next=/spaces/demo/iris%3Ftab%3Dsettings`);
    await page.getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByLabel("Unlisted").check();
    await page.getByRole("button", { name: "Save visibility" }).click();
    await page.getByText("Saved.").waitFor();
    await page.getByLabel("Public").check();
    await page.getByRole("button", { name: "Save visibility" }).click();
    await page.getByText("Saved.").waitFor();
  });
  await test("metrics show the calls of the hour, day and week", {}, async (page) => {
    const call = (endpoint, body) =>
      fetch(`${url}/spaces/ada/workbench/api/${endpoint}`, {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json" },
        body: JSON.stringify(body),
      });
    for (let x = 0; x < 5; x += 1) assert.equal((await call("add", { x })).status, 200);
    assert.equal((await call("fail", { message: "no" })).status, 502);
    await signIn(page, "/spaces/ada/workbench?tab=logs");
    await page.getByRole("link", { name: "Metrics" }).click();
    for (const range of ["Last hour", "Last day", "Last week"]) {
      await page.getByRole("link", { name: range }).click();
      await page.locator(`.ranges a[aria-current="true"]`, { hasText: range }).waitFor();
      for (const chart of ["Requests", "Errors", "Latency", "Instantiation", "Memory"]) {
        await page.getByRole("img", { name: `${chart}, ${range.toLowerCase()}` }).waitFor();
      }
      const told = await page.locator(".chart", { hasText: "Latency" }).locator(".hit title").allTextContents();
      assert.match(told.at(-1), /p50 .*p95 .*p99 /);
      await page.getByText("The numbers as a table").click();
      const cells = await page.locator(".numbers tbody tr").first().locator("td").allInnerTexts();
      assert.ok(Number(cells[0]) >= 6 && Number(cells[1]) >= 1, `${cells}`);
      await shot(page, `metrics-${range.split(" ")[1]}`);
    }
    const before = await page.locator(".chart-figures dd").first().innerText();
    await call("add", { x: 1 });
    await page.getByRole("link", { name: "Refresh" }).click();
    await page.locator(".chart-figures dd").first().filter({ hasText: String(Number(before) + 1) }).waitFor();
    await page.goto(`${url}/spaces/demo/iris?tab=metrics&range=nonsense`);
    await page.locator(".ranges").waitFor();
  });
  await test("an older revision is looked at before it serves", {}, async (page) => {
    publish(bundle("image-classifier"), "ada/classifier");
    publish(bundle("iris"), "ada/classifier");
    await signIn(page, "/spaces/ada/classifier?tab=logs");
    await page.getByRole("link", { name: "Revisions" }).click();
    await page.getByRole("link", { name: "Preview revision 1" }).click();
    await page.getByText("Preview of revision 1").waitFor();
    await page.locator("html[data-alive]").waitFor();
    // Its example's picture is of that revision too.
    await page.locator("button.example").first().click();
    await page.waitForFunction(() => [...document.images].every((image) => image.complete && image.naturalWidth > 0));
    await page.getByRole("button", { name: "Run" }).click();
    await page.locator(".best").first().waitFor();
    await shot(page, "preview");
    const live = async () => (await (await fetch(`${url}/api/v1/spaces/ada/classifier`)).json()).space.revision;
    assert.equal(await live(), 2);
    await page.getByRole("button", { name: "Make live: revision 1" }).click();
    await page.waitForURL("**?tab=revisions");
    assert.equal(await live(), 1);
  });
  await test("a space is duplicated", { allowed: /409/ }, async (page) => {
    await signIn(page, "/spaces/demo/iris?tab=logs");
    await page.getByRole("link", { name: "Duplicate" }).click();
    await page.getByLabel("New owner and name").fill("demo/iris");
    await page.getByRole("button", { name: "Duplicate" }).click();
    await page.getByRole("alert").getByText("there is already a space").waitFor();
    await page.getByLabel("New owner and name").fill("demo/copy");
    await page.getByRole("button", { name: "Duplicate" }).click();
    await page.waitForURL("**/spaces/demo/copy");
    await page.getByText("private").first().waitFor();
    await page.getByRole("button", { name: "Run" }).click();
    await page.getByText(/Done in/).waitFor();
  });
  await test("what the owner sees fits a phone", { viewport: { width: 390, height: 844 } }, async (page) => {
    await signIn(page, "/spaces/demo/iris?tab=settings");
    for (const query of ["tab=settings", "tab=metrics", "tab=revisions", "tab=revisions&diff=1", "revision=1"]) {
      await page.goto(`${url}/spaces/demo/iris?${query}`);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(overflow <= 0, `${query} is ${overflow} px wider than the screen`);
      await page.locator("html[data-alive]").waitFor();
      const tab = page.locator(".space-nav [aria-current]");
      if (await tab.count()) {
        const { x, width } = await tab.boundingBox();
        assert.ok(x >= 0 && x + width <= 390, `the tab of ${query} is at ${x}`);
      }
      await shot(page, `phone-${query.replace(/\W/g, "-")}`);
    }
    await page.getByRole("button", { name: "Share" }).click();
    await page.getByRole("dialog").waitFor();
    await shot(page, "phone-share");
  });
  await test("a space is deleted by its name", { allowed: /422/ }, async (page) => {
    await signIn(page, "/spaces/ada/workbench?tab=settings");
    const button = page.getByRole("button", { name: "Delete" });
    const name = page.getByLabel(/Type ada\/workbench/);
    await name.fill("ada/other");
    await button.click();
    // The browser holds it back; and where a browser does not, the server does.
    assert.ok(await name.evaluate((input) => input.matches(":invalid")));
    await page.locator("form#delete").evaluate((form) => { form.noValidate = true; });
    await button.click();
    await page.getByText("This is not its name").waitFor();
    await name.fill("ada/workbench");
    await button.click();
    await page.waitForURL("**/?q=ada");
    assert.equal((await fetch(`${url}/spaces/ada/workbench`)).status, 404);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("link", { name: "Sign in" }).waitFor();
  });
});

// Ten times what the server keeps of one space, behind its back.
function fillLog(database) {
  const script = `
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=30)
with connection:
    space, = connection.execute("SELECT id FROM spaces WHERE owner = 'ada' AND name = 'chatty'").fetchone()
    connection.execute("DELETE FROM logs WHERE space_id = ?", (space,))
    connection.executemany("INSERT INTO logs (space_id, at, level, message) VALUES (?, '2026-01-01T00:00:00.000Z', ?, 'line ' || ? || ' of many')",
        ((space, 'info', number) for number in range(100_000)))
`;
  execFileSync("python3", ["-c", script, database], { stdio: ["ignore", "inherit", "inherit"] });
}
