import type { BrowserContextOptions, Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { seedTables } from "../../local/seed.ts";
import { useAzurite } from "../support/azurite.ts";
import { describeInBrowser } from "../support/browser.ts";
import { textOf, useConsolePages } from "./consoles.ts";
import { BOT_LINE, PSTN_LINE } from "./lines.ts";

const OTHER_PHONE = "phone:+14255550111";

const CALLED_ALL = "7629bdce-046c-4903-86b4-0000000000a1";

/** The console reads the tables every few seconds. */
const NOTICED = { timeout: 20_000 };

const azurite = useAzurite();
const tables = () => azurite().azurite.connectionString;

// Each test has a row of its own, or leaves it as it was: the console may know rows of a few seconds ago.
beforeAll(async () => await seedTables(tables()));
const { open } = useConsolePages(tables);

/** Takes back what was written last, by two acts. */
async function undo(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Undo / }).click();
  await page.getByRole("button", { name: "Undo it" }).click();
  await page.getByRole("button", { name: "Undo it" }).waitFor({ state: "detached" });
}

/** A cell as the table holds it, whatever the page says. */
const stored = async (partitionKey: string, rowKey: string) =>
  await azurite()
    .tables.Routes.getEntity<Record<string, unknown>>(partitionKey, rowKey)
    .catch(() => undefined);

describeInBrowser("changing a row", () => {
  const openMobile = async () => await open(`rows?table=Routes&partition=${PSTN_LINE}&row=mobile&column=targets`);
  const review = async (page: Page, targets: string) => {
    await page.getByLabel("targets").fill(targets);
    await page.getByRole("button", { name: "Review…" }).click();
  };

  it("shows before and after, writes by a second act, and takes it back", async () => {
    const page = await openMobile();
    await review(page, OTHER_PHONE);
    const cells = page.getByRole("table", { name: "Before and after" }).getByRole("row", { name: /^targets/ });
    expect(await textOf(cells)).toMatch(/phone:\+12345678901.*phone:\+14255550111/);
    expect(await stored(PSTN_LINE, "mobile")).toMatchObject({ targets: "phone:+12345678901" });

    await page.getByRole("button", { name: "Write" }).click();
    await page.getByRole("button", { name: /^Undo Changed Routes .*mobile$/ }).waitFor();
    expect(await stored(PSTN_LINE, "mobile")).toMatchObject({ targets: OTHER_PHONE });

    await undo(page);
    expect(await stored(PSTN_LINE, "mobile")).toMatchObject({ targets: "phone:+12345678901" });
  });

  it("names what is wrong beside its field, and writes nothing", async () => {
    const page = await openMobile();
    await page.getByLabel("timeout").fill("soon");
    await page.getByRole("button", { name: "Review…" }).click();
    const field = page.getByLabel("timeout");
    await page.getByText("write a whole number from 15 to 90").waitFor();
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    expect(await field.evaluate((element) => element.matches(":focus"))).toBe(true);
    expect(await stored(PSTN_LINE, "mobile")).not.toHaveProperty("timeout");
  });

  it("shows what somebody else made of the row meanwhile, and starts again from theirs", async () => {
    const page = await open("rows?table=Routes&partition=support&row=night");
    await page.getByLabel("targets").waitFor();
    const night = { partitionKey: "support", rowKey: "night" };
    await azurite().tables.Routes.updateEntity({ ...night, note: "Changed by a colleague" }, "Merge");
    await review(page, OTHER_PHONE);
    await page.getByRole("heading", { name: "Somebody else has changed this row meanwhile" }).waitFor();
    const versions = page.getByRole("table", { name: /as they left it/ });
    expect(await textOf(versions.getByRole("row", { name: /^note/ }))).toContain("Changed by a colleague");
    expect(await textOf(versions.getByRole("row", { name: /^targets/ }))).toContain(OTHER_PHONE);
    expect(await stored("support", "night")).toMatchObject({ targets: "phone:+12345678901" });

    await page.getByRole("button", { name: "Start again from theirs" }).click();
    await expect.poll(() => page.getByLabel("note").inputValue(), NOTICED).toBe("Changed by a colleague");
    await review(page, OTHER_PHONE);
    await page.getByRole("button", { name: "Write" }).click();
    await page.getByRole("button", { name: /^Undo / }).waitFor();
    expect(await stored("support", "night")).toMatchObject({ targets: OTHER_PHONE, note: "Changed by a colleague" });
  });

  it("finds a conflict that comes between review and write", async () => {
    const page = await open(`rows?table=Routes&partition=${BOT_LINE}&row=two-people`);
    await review(page, OTHER_PHONE);
    await page.getByRole("button", { name: "Write" }).waitFor();
    await azurite().tables.Routes.deleteEntity(BOT_LINE, "two-people");
    await page.getByRole("button", { name: "Write" }).click();
    await page.getByRole("heading", { name: "Somebody else has removed this row meanwhile" }).waitFor();
    expect(await stored(BOT_LINE, "two-people")).toBeUndefined();
  });

  it("keeps what somebody types while others change the row", async () => {
    const page = await open("rows?table=Routes&partition=all&row=blocked");
    await page.getByLabel("note").fill("Half a sentence");
    await azurite().tables.Routes.updateEntity({ partitionKey: "all", rowKey: "blocked", caller: "+1800*" }, "Merge");
    await page.locator("[role=row]").filter({ hasText: "+1800*" }).waitFor(NOTICED);
    expect(await page.getByLabel("note").inputValue()).toBe("Half a sentence");
  });

  it("adds a row and removes it again", async () => {
    const page = await open("rows?table=Routes&add=row");
    await page.getByLabel(/^Partition/).fill(PSTN_LINE);
    await page.getByLabel("Name of the rule").fill("night");
    await page.getByLabel("priority").fill("50");
    await page.getByLabel("caller").fill("+1425*");
    await review(page, OTHER_PHONE);
    await page.getByRole("button", { name: "Write" }).click();
    await page.getByRole("row").filter({ hasText: "night" }).filter({ hasText: "PstnAppInstance" }).click();
    await page.getByRole("button", { name: "Remove…" }).click();
    expect(await stored(PSTN_LINE, "night")).toMatchObject({ targets: OTHER_PHONE });
    await page.getByRole("button", { name: "Remove it" }).click();
    await page.getByRole("button", { name: /^Undo Removed Routes .*night$/ }).waitFor();
    expect(await stored(PSTN_LINE, "night")).toBeUndefined();
  });
});

describeInBrowser("overrides", () => {
  /** The form, with whose calls and who rings filled in. */
  const openForm = async (scope: string, options?: BrowserContextOptions) => {
    const page = await open("rows", options);
    await page.getByRole("button", { name: "Switch on…" }).click();
    await page.getByLabel("Whose calls").selectOption(scope);
    await page.getByLabel("Who rings").fill(OTHER_PHONE);
    return page;
  };
  const remove = async (...scopes: readonly string[]) => {
    for (const scope of scopes) await azurite().tables.Routes.deleteEntity("override", scope);
  };

  it("switch a site's calls over for two hours, and back", async () => {
    const page = await openForm("site:Redmond");
    await page.getByLabel("For how long").selectOption("2 hours");
    await page.getByRole("button", { name: "Review…" }).click();
    await page.getByText(/^Affected: /).waitFor();
    await page.getByText(/^It lapses by itself at .* \(\w+\/\w+\)\.$/).waitFor();
    expect(await stored("override", "site:Redmond")).toBeUndefined();
    const before = Date.now();
    await page.getByRole("button", { name: "Write" }).click();
    await page.getByRole("button", { name: /Off….*Redmond/ }).waitFor();
    const row = await stored("override", "site:Redmond");
    expect(row).toMatchObject({ targets: OTHER_PHONE });
    const lengthMinutes = (Date.parse(String(row?.until)) - before) / 60_000;
    expect(lengthMinutes).toBeGreaterThan(118);
    expect(lengthMinutes).toBeLessThanOrEqual(121);

    await page.getByRole("button", { name: /Off….*Redmond/ }).click();
    await page
      .getByText(/ rings by its rules again\.$/)
      .first()
      .waitFor();
    expect(await stored("override", "site:Redmond")).toBeDefined();
    await page.getByRole("button", { name: "Switch it off" }).click();
    await page.getByText("None: calls go by the rules.").waitFor();
    expect(await stored("override", "site:Redmond")).toBeUndefined();
  });

  it("are shown as over when their time is, though no row changes", async () => {
    const until = new Date(Date.now() + 15_000).toISOString();
    await azurite().tables.Routes.createEntity({
      partitionKey: "override",
      rowKey: BOT_LINE,
      targets: OTHER_PHONE,
      until,
    });
    const page = await open("rows");
    const overrides = page.getByRole("region", { name: "Overrides" });
    await overrides.getByText(/^counts now: until .* P[DS]T/).waitFor(NOTICED);
    await overrides.getByText(/^does not count now: was until .* P[DS]T/).waitFor({ timeout: 40_000 });
    await remove(BOT_LINE);
  }, 60_000);

  it("end at the moment that the reader's wall shows", async () => {
    const page = await openForm("site:Redmond", { timezoneId: "Asia/Tokyo" });
    await page.getByLabel("For how long").selectOption("until a moment");
    await page.getByLabel("Until, Asia/Tokyo").fill("2099-06-01T06:00");
    await page.getByRole("button", { name: "Review…" }).click();
    await page.getByRole("button", { name: "Write" }).click();
    await page.getByRole("button", { name: /^Undo / }).waitFor();
    expect(await stored("override", "site:Redmond")).toMatchObject({ until: "2099-06-01T06:00:00+09:00" });
    await remove("site:Redmond");
  });

  it("name what is wrong beside its field, and write nothing", async () => {
    const page = await openForm("site:Redmond");
    await page.getByLabel("Who rings").fill("user:Carol");
    await page.getByRole("button", { name: "Review…" }).click();
    await page.getByText(/^Who rings is "user:Carol"; /).waitFor();
    const field = page.getByLabel("Who rings");
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    expect(await field.evaluate((element) => element.matches(":focus"))).toBe(true);

    await field.fill(OTHER_PHONE);
    await page.getByLabel("For how long").selectOption("until a moment");
    await page.getByLabel(/^Until, /).fill("2020-01-01T06:00");
    await page.getByRole("button", { name: "Review…" }).click();
    await page.getByText(/^Until is "2020-01-01T06:00", which is .* and past/).waitFor();
    expect(await page.getByLabel(/^Until, /).evaluate((element) => element.matches(":focus"))).toBe(true);
    expect(await stored("override", "site:Redmond")).toBeUndefined();
  });

  it("come in place of one that is spelled otherwise, and undo puts both rows back", async () => {
    await azurite().tables.Routes.createEntity({ partitionKey: "override", rowKey: "site:redmond", action: "reject" });
    const page = await openForm("site:Redmond");
    await page.getByRole("button", { name: "Review…" }).click();
    await page.getByRole("heading", { name: "Remove Routes override/site:redmond" }).waitFor();
    await page.getByRole("button", { name: "Write" }).click();
    await page.getByRole("button", { name: /^Undo .*Added Routes override\/site:Redmond/ }).waitFor();
    expect(await stored("override", "site:redmond")).toBeUndefined();
    await undo(page);
    expect(await stored("override", "site:redmond")).toMatchObject({ action: "reject" });
    expect(await stored("override", "site:Redmond")).toBeUndefined();
    await remove("site:redmond");
  });

  it("show what somebody else made of the row between review and write", async () => {
    const page = await openForm("all");
    await page.getByRole("button", { name: "Review…" }).click();
    await page.getByRole("button", { name: "Write" }).waitFor();
    await azurite().tables.Routes.createEntity({ partitionKey: "override", rowKey: "all", action: "reject" });
    await page.getByRole("button", { name: "Write" }).click();
    const heading = page.getByRole("heading", { name: "Somebody else has changed a row meanwhile" });
    await expect.poll(() => heading.evaluate((element) => element.matches(":focus"))).toBe(true);
    await page.getByRole("button", { name: "Start again" }).click();
    expect(await page.getByLabel("Who rings").inputValue()).toBe(OTHER_PHONE);
    await page.getByRole("button", { name: "Review…" }).click();
    await page.getByRole("heading", { name: "Change Routes override/all" }).waitFor();
    expect(await stored("override", "all")).toMatchObject({ action: "reject" });
    await remove("all");
  });

  it("take a line that is called all by itself, once it was typed and left", async () => {
    await azurite().tables.Lines.upsertEntity({
      partitionKey: "line",
      rowKey: CALLED_ALL,
      name: "all",
      site: "REDMOND",
    });
    const page = await open("rows");
    await page.getByRole("button", { name: "Switch on…" }).click();
    await page.getByLabel("Who rings").fill(OTHER_PHONE);
    const field = page.getByRole("combobox", { name: "Line" });
    await field.fill("no such line");
    await page.getByLabel("Note").focus();
    await page.getByRole("alert").filter({ hasText: 'Line is "no such line"' }).waitFor();
    expect(await field.inputValue()).toBe("no such line");
    expect(await page.getByRole("button", { name: "Review…" }).isDisabled()).toBe(true);

    await expect
      .poll(async () => {
        await field.fill("all");
        await page.getByLabel("Note").focus();
        return await page.getByRole("button", { name: "Review…" }).isEnabled();
      }, NOTICED)
      .toBe(true);
    await page.getByRole("button", { name: "Review…" }).click();
    await page.getByRole("button", { name: "Write" }).click();
    await page.getByRole("button", { name: /^Undo / }).waitFor();
    expect(await stored("override", CALLED_ALL)).toMatchObject({ targets: OTHER_PHONE });
    expect(await stored("override", "all")).toBeUndefined();
    await remove(CALLED_ALL);
    await azurite().tables.Lines.deleteEntity("line", CALLED_ALL);
  });

  it("are not said to be unwritten when it is not known whether they were written", async () => {
    const page = await openForm("site:Redmond");
    await page.getByRole("button", { name: "Review…" }).click();
    const unwritten = page.getByText("Nothing is written yet");
    await unwritten.waitFor();
    await page.route("**/api/write", (route) => route.abort());
    await page.getByRole("button", { name: "Write" }).click();
    await page.getByRole("alert").filter({ hasText: "The console does not answer" }).waitFor();
    expect(await unwritten.count()).toBe(0);
  });

  it("without end say that they stand until somebody switches them off", async () => {
    await azurite().tables.Routes.createEntity({ partitionKey: "override", rowKey: "Site: Nowhere", action: "reject" });
    const page = await open("rows");
    const row = page.getByRole("table", { name: "Overrides" }).getByRole("row", { name: /Site Nowhere/ });
    await row.waitFor(NOTICED);
    expect(await textOf(row)).toContain("no end It stands until somebody switches it off.");
    await remove("Site: Nowhere");
  });

  it("whose end cannot be read say that calls leave them out", async () => {
    const soon = { partitionKey: "override", rowKey: "site:Nowhere", action: "reject", until: "soon" };
    await azurite().tables.Routes.createEntity(soon);
    const page = await open("rows");
    const row = page.getByRole("table", { name: "Overrides" }).getByRole("row", { name: /Site Nowhere/ });
    await row.waitFor(NOTICED);
    await row.getByText(/^until is "soon"\. Write /).waitFor(NOTICED);
    for (const part of ['"soon", which is no moment', "left out"]) expect(await textOf(row)).toContain(part);
    await remove("site:Nowhere");
  });
});

describeInBrowser("importing a file", () => {
  const choose = async (page: Page, name: string, text: string) =>
    await page.getByLabel(/Drop a CSV file/).setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

  it("shows the plan, column by column, and writes by a second act", async () => {
    const page = await open("import");
    const csv = [
      "PartitionKey,RowKey,priority,caller,action,targets,note",
      `${PSTN_LINE},mobile,100,*,redirect,${OTHER_PHONE},A phone`,
      `default,evening,50,+1425*,redirect,${OTHER_PHONE},New`,
    ];
    await choose(page, "Routes.csv", `${csv.join("\r\n")}\r\n`);
    await page.getByRole("heading", { name: "Plan for Routes" }).waitFor();
    const plan = page.getByRole("table", { name: "Rows that would be written" });
    expect(await textOf(plan.getByRole("row", { name: /mobile/ }))).toMatch(/changed.*targets/);
    expect(await textOf(plan.getByRole("row", { name: /evening/ }))).toContain("added");
    expect(await stored("default", "evening")).toBeUndefined();
    await page.getByRole("button", { name: "Apply: write 2 rows" }).click();
    await page.getByRole("button", { name: /^Undo Imported 2 rows of Routes.csv into Routes/ }).waitFor();
    expect(await stored("default", "evening")).toMatchObject({ targets: OTHER_PHONE });
    expect(await stored(PSTN_LINE, "mobile")).toMatchObject({ targets: OTHER_PHONE });

    await undo(page);
    expect(await stored("default", "evening")).toBeUndefined();
    expect(await stored(PSTN_LINE, "mobile")).toMatchObject({ targets: "phone:+12345678901" });
  });

  it("names line, column, what was found and what was expected, and offers nothing to write", async () => {
    const page = await open("import");
    const csv =
      "PartitionKey,RowKey,targets,timeout\r\ndefault,a,phone:+14255550111,20\r\ndefault,b,phone:+14255550111,soon\r\n";
    await choose(page, "Routes.csv", csv);
    await page.getByRole("heading", { name: "Routes.csv has mistakes" }).waitFor();
    const fault = page.getByRole("table", { name: /^Mistakes/ }).getByRole("row", { name: /^3/ });
    for (const part of ["timeout", "soon", "15 to 90"]) expect(await textOf(fault)).toContain(part);
    await expect(page.getByRole("button", { name: /Apply/ }).count()).resolves.toBe(0);
    expect(await stored("default", "a")).toBeUndefined();
  });
});

describeInBrowser("the problems", () => {
  it("lead each to its cell", async () => {
    await azurite().tables.Routes.createEntity({
      partitionKey: "support",
      rowKey: "lunch",
      targets: OTHER_PHONE,
      timeout: "soon",
    });
    const page = await open("problems");
    await page.getByRole("link", { name: "Routes support/lunch, column timeout" }).click(NOTICED);
    await expect.poll(() => page.getByLabel("timeout").inputValue()).toBe("soon");
    expect(await page.getByLabel("timeout").evaluate((element) => element.matches(":focus"))).toBe(true);
  });
});
