import { beforeAll, expect, it } from "vitest";
import { seedTables } from "../../local/seed.ts";
import { describeInBrowser } from "../support/browser.ts";
import { ring } from "../support/ringing.ts";
import { useStack } from "../support/stack.ts";
import { textOf, useConsolePages } from "./consoles.ts";
import { BOT_LINE, PSTN_LINE, SUPPORT_LINE } from "./lines.ts";

/** The phone that the sample rows name. */
const PHONE = "+1 234 567 8901";

/** The console reads the tables every few seconds. */
const NOTICED = { timeout: 20_000 };

const stack = useStack();
const { open } = useConsolePages(stack);

beforeAll(async () => await seedTables(stack().azurite.connectionString));

describeInBrowser("the view of lines", () => {
  it("says who rings now and which rule says so", async () => {
    const page = await open("lines");
    const line = page.getByRole("row").filter({ hasText: "PstnAppInstance" });
    const says = await textOf(line);
    for (const part of ["+1 425 555 0100", PHONE, "PstnAppInstance/mobile"]) expect(says).toContain(part);
  });

  it("says until when an override lasts and what changes next, each whole and with its zone", async () => {
    const until = new Date(Date.now() + 3_600_000).toISOString();
    await stack().addRow("Routes", "override", BOT_LINE, { targets: "phone:+14255550111", until });
    const page = await open("lines");
    const flag = page.getByRole("link", { name: /^Override until .* UTC$/ });
    await flag.waitFor(NOTICED);
    const next = page
      .getByRole("row")
      .filter({ has: flag })
      .getByText(/[AP]M UTC$/)
      .first();
    for (const moment of [flag, next]) {
      const cut = await moment
        .locator("span")
        .evaluateAll((parts) =>
          parts
            .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
            .map(({ textContent }) => textContent),
        );
      expect(cut).toEqual([]);
    }
  });

  it("finds a line by its number in a national spelling", async () => {
    const page = await open("lines");
    await page.getByRole("row").filter({ hasText: "Support" }).waitFor();
    await page.getByLabel("Find a line").fill("(425) 555-0100");
    await page.getByText("1 of 4 lines").waitFor();
    expect(await textOf(page.getByRole("grid"))).toContain("PstnAppInstance");
    expect(await textOf(page.getByRole("grid"))).not.toContain("Support");
  });

  it("leads to the week of the line that is opened", async () => {
    const page = await open("lines");
    await page.getByRole("row").filter({ hasText: "Support" }).getByRole("link", { name: "Week" }).click();
    await page.getByRole("heading", { name: "Week" }).waitFor();
    expect(new URL(page.url()).hash).toContain(SUPPORT_LINE);
  });
});

describeInBrowser("the week", () => {
  const cellOf = (day: string, time: string) => new RegExp(`${day}, 2026.? ${time}`);

  it("shows half a day before Christmas and none on it", async () => {
    const page = await open(`week?line=${SUPPORT_LINE}&day=2026-12-24`);
    await page.getByRole("columnheader", { name: /Dec 24 Christmas Eve/ }).waitFor();
    const says = async (day: string, time: string) =>
      await page.getByRole("gridcell", { name: cellOf(day, time) }).getAttribute("aria-label");
    expect(await says("Dec 24", "11:45")).toContain("test user");
    expect(await says("Dec 24", "12:00")).toContain(PHONE);
    expect(await says("Dec 25", "10:00")).toContain(PHONE);
    expect(await says("Dec 23", "16:45")).toContain("test user");
    expect(await says("Dec 23", "17:00")).toContain(PHONE);
  });

  it("is the next one as soon as Monday has come on the line's wall", async () => {
    const page = await open(`week?line=${SUPPORT_LINE}`);
    await page.clock.install({ time: new Date("2026-11-29T23:57:00-08:00") });
    await page.reload();
    await page.getByRole("columnheader", { name: /Nov 29/ }).waitFor();
    await page.getByRole("heading", { name: /Nov 29, 2026, 23:45/ }).waitFor();
    await page.clock.fastForward("05:00");
    await page.getByRole("columnheader", { name: /Dec 6/ }).waitFor();
    await page.getByRole("heading", { name: /Nov 30, 2026, 00:00/ }).waitFor();
    await page.getByRole("button", { name: "This week", pressed: true }).waitFor();
  });

  it("marks the hour that comes twice when the clocks go back", async () => {
    const page = await open(`week?line=${SUPPORT_LINE}&day=2026-11-01`);
    const sunday = page.getByRole("columnheader", { name: /Nov 1/ });
    await sunday.waitFor();
    const change = sunday.getByText("01:00-02:00 comes twice: PDT, then PST");
    expect(await change.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
    await page.getByText("America/Los_Angeles (PDT, then PST)").waitFor();
  });

  it("says of a quarter of an hour why earlier rules do not apply", async () => {
    const page = await open(`week?line=${SUPPORT_LINE}&day=2026-12-25`);
    await page.getByRole("gridcell", { name: cellOf("Dec 25", "10:00") }).focus();
    const details = page.getByRole("region", { name: "The quarter of an hour pointed at" });
    const earlier = details.getByRole("listitem").filter({ hasText: "support/day" });
    await earlier.getByText("office-hours is closed").waitFor();
  });

  it("keeps the legend of many ways short, and names the line's own rules without the line", async () => {
    const page = await open("lines");
    await page.route("**/api/week?*", async (route) => {
      const response = await route.fetch();
      const week = await response.json();
      const row = { partitionKey: SUPPORT_LINE, rowKey: "r" };
      const more = Array.from({ length: 200 }, (_, index) => `r${index}`).map((name) => {
        return { id: name, kind: "redirect", who: name, by: `Support/${name}`, row };
      });
      await route.fulfill({ response, json: { ...week, ways: [...week.ways, ...more] } });
    });
    await page.evaluate(`location.hash = "#/week?line=${SUPPORT_LINE}&day=2026-12-24"`);
    const legend = page.getByRole("list", { name: "What the colours and letters mean" });
    await legend.waitFor();
    expect(await textOf(legend.getByRole("listitem").last())).toBe("GTr199 r199");
    expect((await legend.boundingBox())?.height).toBeLessThan(200);
    await legend.press("End");
    await expect.poll(() => legend.evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(0);
  });
});

describeInBrowser("the address of a week", () => {
  it("that names no day leads to this week and says so", async () => {
    const page = await open(`week?line=${SUPPORT_LINE}&day=rubbish`);
    await page
      .getByRole("alert")
      .filter({ hasText: /"rubbish" is no date.* This week is shown instead/ })
      .waitFor();
    await page.getByRole("button", { name: "This week", pressed: true }).waitFor();
    await page.getByRole("grid").waitFor();
    expect(await textOf(page.getByRole("main"))).not.toContain("1969");
  });

  it("whose week goes beyond the years that can be written leads to this week too", async () => {
    const page = await open(`week?line=${SUPPORT_LINE}&day=9999-12-31`);
    await page.getByRole("alert").filter({ hasText: "beyond the year 9999" }).waitFor();
    await page.getByRole("grid").waitFor();
    expect(await textOf(page.getByRole("main"))).not.toContain("1970");
  });

  it("is kept for each week that was looked at, so that the browser leads back", async () => {
    const page = await open(`week?line=${SUPPORT_LINE}&day=2026-12-24`);
    await page.getByRole("columnheader", { name: /Dec 24/ }).waitFor();
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("columnheader", { name: /Dec 31/ }).waitFor();
    await page.goBack();
    await page.getByRole("columnheader", { name: /Dec 24/ }).waitFor();
  });
});

describeInBrowser("the field for a line", () => {
  const TWINS = ["7629bdce-046c-4903-86b4-000000000001", "7629bdce-046c-4903-86b4-000000000002"] as const;

  it("takes a number in a national spelling, and shows which line that is", async () => {
    const page = await open("week");
    const field = page.getByRole("combobox", { name: "Line" });
    await field.fill("(425) 555-0100");
    await field.press("Enter");
    await page.getByRole("grid", { name: /^Who rings when/ }).waitFor();
    await expect.poll(() => field.inputValue()).toBe("PstnAppInstance");
  });

  it("takes what was typed when it is left, as Enter does, and keeps what is refused", async () => {
    const page = await open("week");
    const field = page.getByRole("combobox", { name: "Line" });
    await field.fill("no such line");
    await field.press("Tab");
    await page.getByRole("alert").filter({ hasText: 'Line is "no such line"' }).waitFor();
    expect(await field.inputValue()).toBe("no such line");
    await field.fill("(425) 555-0100");
    await field.press("Tab");
    await page.getByRole("grid", { name: /^Who rings when/ }).waitFor();
    await expect.poll(() => field.inputValue()).toBe("PstnAppInstance");
  });

  it("leaves the line as it is when the list is only looked through, or what was typed is dropped", async () => {
    const page = await open(`week?line=${SUPPORT_LINE}`);
    const field = page.getByRole("combobox", { name: "Line" });
    await expect.poll(() => field.inputValue()).toBe("Support");
    await field.press("ArrowDown");
    await field.press("Tab");
    await field.fill("no such line");
    await field.press("Escape");
    await field.press("Tab");
    expect(await field.inputValue()).toBe("Support");
    expect(new URL(page.url()).hash).toBe(`#/week?line=${SUPPORT_LINE}`);
  });

  it("takes the only line that is left by Enter", async () => {
    const page = await open("week");
    const field = page.getByRole("combobox", { name: "Line" });
    await field.fill("pstnapp");
    await page.getByRole("option", { name: /^PstnAppInstance/ }).waitFor();
    await field.press("Enter");
    await expect.poll(() => field.inputValue()).toBe("PstnAppInstance");
    expect(new URL(page.url()).hash).toBe(`#/week?line=${PSTN_LINE}`);
  });

  it("refuses a name that two lines share, in the command's words, and lets either be picked", async () => {
    for (const [index, line] of TWINS.entries())
      await stack().addRow("Lines", "line", line, { name: "Twin", number: `+1425555018${index}` });
    const page = await open("week?line=Twin");
    const field = page.getByRole("combobox", { name: "Line" });
    const refused = page.getByRole("alert").filter({ hasText: `2 lines are called so: ${TWINS.join(", ")}` });
    await refused.waitFor(NOTICED);
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    await field.fill("twin");
    const options = page.getByRole("option");
    await options.nth(1).waitFor();
    expect(await options.allTextContents()).toEqual(["+1 425 555 0180 Twin", "+1 425 555 0181 Twin"]);
    await field.press("ArrowDown");
    await field.press("ArrowDown");
    await field.press("Enter");
    await page.getByRole("grid", { name: /^Who rings when/ }).waitFor();
    expect(new URL(page.url()).hash).toContain(TWINS[1]);
    expect(await refused.count()).toBe(0);
    for (const line of TWINS) await stack().table("Lines").deleteEntity("line", line);
  });

  it("says so when a name that it found comes to be shared, and shows that week no longer", async () => {
    const [first, second] = TWINS;
    await stack().addRow("Lines", "line", first, { name: "Twin", number: "+14255550180" });
    const page = await open("week?line=Twin");
    const grid = page.getByRole("grid", { name: /^Who rings when/ });
    await grid.waitFor(NOTICED);
    const caller = page.getByLabel("Caller");
    const before = await caller.boundingBox();
    await stack().addRow("Lines", "line", second, { name: "Twin", number: "+14255550181" });
    const refused = page.getByRole("alert").filter({ hasText: `2 lines are called so: ${TWINS.join(", ")}` });
    await refused.waitFor(NOTICED);
    await grid.waitFor({ state: "detached" });
    expect(await caller.boundingBox()).toEqual(before);
    for (const line of TWINS) await stack().table("Lines").deleteEntity("line", line);
  });

  it("keeps the line that it found while the console cannot be asked for it", async () => {
    const page = await open("week?line=Support");
    const grid = page.getByRole("grid", { name: /^Who rings when/ });
    await grid.waitFor();
    await page.route("**/api/line?*", (route) => route.abort());
    const failed = page.waitForEvent("requestfailed", NOTICED);
    await stack().addRow("Lines", "line", TWINS[0], { name: "Other" });
    await failed;
    expect(await grid.isVisible()).toBe(true);
    expect(await page.getByRole("combobox", { name: "Line" }).getAttribute("aria-invalid")).toBe("false");
    await stack().table("Lines").deleteEntity("line", TWINS[0]);
  });
});

describeInBrowser("the count of problems", () => {
  it("says that it may be of older rows as long as these are still being checked", async () => {
    const page = await open("problems");
    const saysChecking = page.getByRole("status").filter({ hasText: "Still checking the rows as they are now" });
    const count = page.getByRole("link", { name: /^Problems.*, still checking$/ });
    await page.getByRole("heading", { name: "Problems" }).waitFor();
    let isChecked = false;
    await page.route("**/api/state", async (route) => {
      // Without its mark, by which the server would answer that nothing has changed, and no body.
      const { "if-none-match": _, ...headers } = route.request().headers();
      const response = await route.fetch({ headers });
      await route.fulfill({ response, json: { ...(await response.json()), isChecked } });
    });
    await saysChecking.waitFor(NOTICED);
    await count.waitFor();
    isChecked = true;
    await saysChecking.waitFor({ state: "detached", ...NOTICED });
    expect(await count.count()).toBe(0);
    await page.unrouteAll({ behavior: "wait" });
  });
});

describeInBrowser("the quarter", () => {
  it("shows ninety days and says on which weekdays the office does not open", async () => {
    const page = await open(`quarter?line=${SUPPORT_LINE}`);
    await page.getByText(/office-hours does not open on any saturday or sunday/i).waitFor();
    await expect(page.locator("[data-day]").count()).resolves.toBe(90);
  });
});

describeInBrowser("trying a call", () => {
  it("tells the decision, why, and what is sent to Graph", async () => {
    const page = await open(`try?line=${PSTN_LINE}&caller=%2B14255550142`);
    await page.getByRole("heading", { name: `rings ${PHONE}` }).waitFor();
    const blocked = page.getByRole("listitem").filter({ hasText: "all/blocked" });
    expect(await textOf(blocked)).toContain("does not apply: it is for other callers");
    await page.getByText(/^Not asked any more: .*default\/front-desk/).waitFor();
    const body = await textOf(page.getByRole("region", { name: "The request's body" }));
    expect(JSON.parse(body).targets).toMatchObject([{ identity: { phone: { id: "+12345678901" } } }]);
  });

  it("takes a moment to come", async () => {
    const page = await open(`try?line=${SUPPORT_LINE}&caller=%2B14255550142`);
    await page.getByLabel("Moment, on the line's wall").fill("2026-12-25 10:00");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: PHONE }).waitFor();
  });

  it("shows the moment of the address that it is led to", async () => {
    const page = await open(`try?line=${SUPPORT_LINE}&caller=anonymous&at=2026-12-25+10:00`);
    const moment = page.getByLabel("Moment, on the line's wall");
    await expect.poll(() => moment.inputValue()).toBe("2026-12-25 10:00");
    await page.evaluate("location.hash = location.hash.replace(/&at=.*/, '')");
    await expect.poll(() => moment.inputValue()).toBe("");
  });

  it("follows the clock where the call comes now, though no row changes", async () => {
    const from = new Date(Date.now() + 12_000).toISOString();
    await stack().addRow("Routes", "override", SUPPORT_LINE, { targets: "phone:+14255550119", from });
    const page = await open(`try?line=${SUPPORT_LINE}&caller=anonymous`);
    await page.getByText(`it counts from`).first().waitFor(NOTICED);
    await page.getByRole("heading", { name: "+1 425 555 0119" }).waitFor({ timeout: 40_000 });
    await stack().table("Routes").deleteEntity("override", SUPPORT_LINE);
  }, 60_000);

  it("says what is wrong with a caller that is none", async () => {
    const page = await open(`try?line=${SUPPORT_LINE}&caller=nobody`);
    expect(await textOf(page.getByRole("alert").filter({ hasText: "nobody" }))).toMatch(/number|object id/);
  });

  it("rings the line for real and follows the call to its end", async () => {
    const page = await open(`try?line=${PSTN_LINE}&caller=%2B14255550142`);
    await page.getByRole("button", { name: "Ring it now" }).click();
    await page.getByText("Milliseconds since the call was placed.").waitFor();
    const steps = await textOf(page.getByRole("list", { name: "What has happened to the call" }));
    for (const step of ["received", "claimed", "decided", "redirected", "ringing", "ended"])
      expect(steps).toContain(step);
    expect(stack().simulator.calls().at(-1)?.redirect?.targets[0]?.id).toBe("+12345678901");
  });

  it("marks what Graph refuses with a sign and in words, where a screen reader is told of it", async () => {
    stack().simulator.setFaults({ faults: [{ kind: "502", count: 1 }] });
    const page = await open(`try?line=${PSTN_LINE}&caller=%2B14255550142`);
    await page.getByRole("button", { name: "Ring it now" }).click();
    await page.getByText("Milliseconds since the call was placed.").waitFor();
    const list = page.getByRole("list", { name: "What has happened to the call" });
    expect(await list.getAttribute("aria-live")).toBe("polite");
    const refused = list.getByRole("listitem").filter({ hasText: "✕ refused" });
    expect(await textOf(refused)).toContain(
      `Graph answers 502 BadGateway to the redirect to ${PHONE}; the app asks again`,
    );
    const names = await list.getByRole("listitem").locator("strong").allInnerTexts();
    expect(names.indexOf("refused")).toBeGreaterThan(names.indexOf("decided"));
    expect(names.indexOf("refused")).toBeLessThan(names.indexOf("redirected"));
  });
});

describeInBrowser("the call log", () => {
  it("shows a call that comes in while somebody looks, with its outcome, and its trace when opened", async () => {
    const page = await open("calls");
    const rows = page.getByRole("grid").getByRole("row", { name: "Support" });
    await page.getByRole("grid").waitFor();
    const before = await rows.count();
    await ring(stack(), SUPPORT_LINE);
    await rows.nth(before).waitFor();
    await rows.first().getByText("answered").waitFor();
    await rows.first().click();
    const call = page.getByRole("dialog");
    await call
      .getByText(/support\/(day|night)/)
      .first()
      .waitFor();
    await call.getByText("Every stored cell").click();
    expect(await textOf(call.getByRole("row", { name: /^graphStatus/ }))).toContain("202");
    expect(await call.getByText("P", { exact: false }).first().isVisible()).toBe(true);
  });

  it("says in a table what the charts show", async () => {
    await ring(stack(), PSTN_LINE);
    const count = stack().simulator.calls().length;
    const page = await open("calls");
    await page.getByText(`${count} calls: `).waitFor();
    await page.getByText("Calls per hour as a table").click();
    const counts = page.getByRole("table", { name: /^Calls per hour/ }).getByRole("cell");
    const sum = (await counts.allInnerTexts()).reduce((total, text) => total + Number(text), 0);
    expect(sum).toBe(count);
    await page.getByText("Time to redirect as a table").click();
    const redirects = page.getByRole("table", { name: /^Redirects by/ }).getByRole("cell");
    const redirected = (await redirects.allInnerTexts()).reduce((total, text) => total + Number(text), 0);
    expect(redirected).toBe(count);
  });

  it("filters by line as the command does", async () => {
    for (const line of [PSTN_LINE, SUPPORT_LINE]) await ring(stack(), line);
    const page = await open("calls");
    await page.getByRole("row").filter({ hasText: "Support" }).first().waitFor();
    await page.getByLabel("Line").fill("PstnAppInstance");
    await page.keyboard.press("Enter");
    const grid = page.getByRole("grid");
    await grid.getByRole("row").filter({ hasText: "Support" }).first().waitFor({ state: "detached" });
    expect(await textOf(grid)).toContain("PstnAppInstance");
    await page.getByLabel("Line").fill("no such line");
    await page.keyboard.press("Enter");
    await page.locator(".fault", { hasText: "no such line" }).waitFor();
    await grid.waitFor({ state: "detached" });
    expect(await page.locator("canvas").count()).toBe(0);
  });

  it("takes the command's names for line and caller in its address", async () => {
    const page = await open("calls?to=PstnAppInstance&from=%2B14255550142");
    await expect.poll(() => page.getByLabel("Line").inputValue()).toBe("PstnAppInstance");
    expect(await page.getByLabel("Caller").inputValue()).toBe("+14255550142");
  });

  it("shows the second of each call and the zone, none of it cut off", async () => {
    await ring(stack(), SUPPORT_LINE);
    const page = await open("calls");
    const received = page
      .getByRole("grid")
      .getByRole("gridcell")
      .filter({ hasText: /:\d\d:\d\d [AP]M P[SD]T$/ });
    await received.first().waitFor();
    expect(await received.first().evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
  });
});
