import { beforeAll, expect, it } from "vitest";
import { seedTables } from "../../local/seed.ts";
import { describeInBrowser } from "../support/browser.ts";
import { ring } from "../support/ringing.ts";
import { useStack } from "../support/stack.ts";
import { textOf, useConsolePages } from "./consoles.ts";
import { BOT_LINE, PSTN_LINE, SUPPORT_LINE } from "./lines.ts";

/** The phone that the sample rows name. */
const PHONE = "+1 234 567 8901";

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
    // The console reads the tables every few seconds.
    await flag.waitFor({ timeout: 20_000 });
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

  it("refuses a name that two lines share, in the command's words, and lets either be picked", async () => {
    for (const [index, line] of TWINS.entries())
      await stack().addRow("Lines", "line", line, { name: "Twin", number: `+1425555018${index}` });
    const page = await open("week?line=Twin");
    const field = page.getByRole("combobox", { name: "Line" });
    const refused = page.getByRole("alert").filter({ hasText: `2 lines are called so: ${TWINS.join(", ")}` });
    // The console reads the tables every few seconds.
    await refused.waitFor({ timeout: 20_000 });
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
