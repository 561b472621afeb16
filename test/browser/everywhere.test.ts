import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { seedTables } from "../../local/seed.ts";
import { describeInBrowser } from "../support/browser.ts";
import { ring } from "../support/ringing.ts";
import { useStack } from "../support/stack.ts";
import { textOf, useConsolePages } from "./consoles.ts";
import { BOT_LINE, PSTN_LINE, SUPPORT_LINE } from "./lines.ts";

const stack = useStack();

beforeAll(async () => {
  await seedTables(stack().azurite.connectionString);
  await stack().addRow("Routes", "default", "old", { targets: "phone:+14255550111", timeout: "soon" });
  await stack().addRow("Routes", "override", BOT_LINE, { targets: "phone:+14255550111", note: "Storm" });
  for (const line of [PSTN_LINE, SUPPORT_LINE, SUPPORT_LINE]) await ring(stack(), line);
});

const { open } = useConsolePages(stack);

/** A row of the list of rows, not of the overrides above it. */
const rowOf = (page: Page, text: string) => page.getByRole("grid").getByRole("row").filter({ hasText: text });

/** Every view, and what has to be there before it is looked at. */
const VIEWS: readonly (readonly [name: string, view: string, ready: (page: Page) => Promise<void>])[] = [
  ["lines", "lines", (page) => page.getByRole("row").filter({ hasText: "PstnAppInstance" }).waitFor()],
  ["week", `week?line=${SUPPORT_LINE}&day=2026-12-24`, (page) => page.getByText("Try this call").waitFor()],
  [
    "week of two offsets",
    `week?line=${SUPPORT_LINE}&day=2026-11-01`,
    (page) => page.getByText("America/Los_Angeles (PDT, then PST)").waitFor(),
  ],
  ["quarter", `quarter?line=${SUPPORT_LINE}`, (page) => page.locator("[data-day]").first().waitFor()],
  ["try", `try?line=${SUPPORT_LINE}&caller=anonymous`, (page) => page.getByText("Sent to Graph").waitFor()],
  ["calls", "calls", (page) => page.locator("canvas").nth(1).waitFor()],
  ["rows", "rows?table=Routes", (page) => rowOf(page, "front-desk").waitFor()],
  [
    "row",
    `rows?table=Routes&partition=default&row=old&column=timeout`,
    (page) => page.getByRole("button", { name: "Review…" }).waitFor(),
  ],
  ["import", "import", (page) => page.getByLabel(/Drop a CSV file/).waitFor()],
  ["problems", "problems", (page) => page.getByRole("heading", { name: /^Errors/ }).waitFor()],
];

/** What is opened in a view, and how. */
const OPENED: readonly (readonly [name: string, view: string, open: (page: Page) => Promise<void>])[] = [
  [
    "a logged call",
    "calls",
    async (page) => {
      await rowOf(page, "Support").first().click();
      await page.getByText("Every stored cell").click();
    },
  ],
  [
    "the form of an override",
    "rows",
    async (page) => {
      await page.getByRole("button", { name: "Switch on…" }).click();
      await page.getByLabel("For how long").selectOption("until a moment");
    },
  ],
  [
    "the review of an override",
    "rows",
    async (page) => {
      await page.getByRole("button", { name: "Switch on…" }).click();
      await page.getByLabel("Whose calls").selectOption("all");
      await page.getByLabel("Who rings").fill("phone:+14255550111");
      await page.getByRole("button", { name: "Review…" }).click();
      await page.getByRole("heading", { name: "Add Routes override/all" }).waitFor();
    },
  ],
  [
    "an override to be switched off",
    "rows",
    async (page) => {
      await page.getByRole("button", { name: /^Off…/ }).click();
      await page.getByRole("heading", { name: /^Remove Routes override/ }).waitFor();
    },
  ],
  [
    "a row with a wrong cell",
    "rows?table=Routes&partition=support&row=day",
    async (page) => {
      await page.getByLabel("timeout").fill("soon");
      await page.getByRole("button", { name: "Review…" }).click();
      await page.getByText("Nothing was written.").waitFor();
    },
  ],
  [
    "the review of a change",
    "rows?table=Routes&partition=support&row=day",
    async (page) => {
      await page.getByLabel("schedule").fill("");
      await page.getByRole("button", { name: "Review…" }).click();
      await page.getByRole("table", { name: "Before and after" }).waitFor();
    },
  ],
  [
    "the plan of an import",
    "import",
    async (page) => {
      const csv = "PartitionKey,RowKey,targets\r\ndefault,evening,phone:+14255550111\r\n";
      const file = { name: "Routes.csv", mimeType: "text/csv", buffer: Buffer.from(csv) };
      await page.getByLabel(/Drop a CSV file/).setInputFiles(file);
      await page.getByRole("heading", { name: "Plan for Routes" }).waitFor();
    },
  ],
  [
    "the mistakes of a file",
    "import",
    async (page) => {
      const csv = "PartitionKey,RowKey,targets\r\ndefault,evening,nobody\r\n";
      const file = { name: "Routes.csv", mimeType: "text/csv", buffer: Buffer.from(csv) };
      await page.getByLabel(/Drop a CSV file/).setInputFiles(file);
      await page.getByRole("heading", { name: "Routes.csv has mistakes" }).waitFor();
    },
  ],
];

const folder = fileURLToPath(new URL("../../.local/screenshots/", import.meta.url));

/** What axe finds, as `rule: elements`; leaves a picture behind. */
async function faultsOf(page: Page, name: string): Promise<unknown> {
  await page.screenshot({ path: `${folder}${name}.png` });
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
  return await page.evaluate(
    "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(', ')))",
  );
}

describeInBrowser("every view", () => {
  it.each([...VIEWS, ...OPENED])(
    "of %s has no fault that axe finds, in light and in dark",
    async (name, view, ready) => {
      for (const colorScheme of ["light", "dark"] as const) {
        const page = await open(view, { colorScheme });
        await ready(page);
        const found = await faultsOf(page, `${name.replaceAll(" ", "-")}-1280-${colorScheme}`);
        expect({ colorScheme, found }).toEqual({ colorScheme, found: [] });
      }
    },
  );

  it.each([...VIEWS, ...OPENED])("of %s fits a screen of 390 pixels", async (name, view, ready) => {
    const page = await open(view, { viewport: { width: 390, height: 844 } });
    await ready(page);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `${folder}${name.replaceAll(" ", "-")}-390-${colorScheme}.png` });
    }
  });
});

describeInBrowser("the rows on a screen of 390 pixels", () => {
  it("say what each cell is, and cut none of them off", async () => {
    const page = await open("rows?table=Routes", { viewport: { width: 390, height: 844 } });
    const row = rowOf(page, "front-desk");
    await row.waitFor();
    const labels = await row.getByRole("gridcell").evaluateAll((cells) =>
      // The style sheet writes them, in quotes.
      cells.map((cell) => getComputedStyle(cell, "::before").content.slice(1, -1)),
    );
    expect(labels).toEqual(["Partition", "Rule", "Caller", "Schedule", "Rings", "Standing"]);
    expect(await row.evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)).toBe(0);
  });
});

describeInBrowser("the keyboard alone", () => {
  /** Presses Tab until something of that name has the focus. */
  async function tabTo(page: Page, name: RegExp): Promise<void> {
    for (let presses = 0; presses < 80; presses++) {
      await page.keyboard.press("Tab");
      const focused = page.locator(":focus");
      if ((await focused.count()) > 0 && name.test((await focused.ariaSnapshot()).split("\n")[0] ?? "")) return;
    }
    throw new Error(`Tab does not lead to ${name}`);
  }

  it("leads from the lines to a week, through its hours, and on to a call that is tried", async () => {
    const page = await open("lines");
    await page.getByRole("row").filter({ hasText: "Support" }).waitFor();
    await tabTo(page, /searchbox "Find a line"/);
    await page.keyboard.type("support");
    await page.getByText("1 of 4 lines").waitFor();
    await tabTo(page, /row "Support/);
    await page.keyboard.press("Enter");
    await page.getByRole("grid", { name: /^Who rings when/ }).waitFor();
    await tabTo(page, /gridcell/);
    const details = page.getByRole("region", { name: "The quarter of an hour pointed at" });
    const heading = await textOf(details.getByRole("heading").first());
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => textOf(details.getByRole("heading").first())).not.toBe(heading);
    await tabTo(page, /link "Try this call"/);
    await page.keyboard.press("Enter");
    await page.getByText("Sent to Graph").waitFor();
  });

  it("leads from the rows to a change that is written and taken back", async () => {
    const page = await open("rows?table=Routes");
    await rowOf(page, "front-desk").waitFor();
    await tabTo(page, /searchbox "Find a row"/);
    await page.keyboard.type("mobile");
    await rowOf(page, "front-desk").waitFor({ state: "detached" });
    await tabTo(page, /row "PstnAppInstance/);
    await page.keyboard.press("Enter");
    await page.getByLabel("priority").waitFor();
    await tabTo(page, /textbox "note"/);
    await page.keyboard.press("End");
    await page.keyboard.type(" by keyboard");
    await page.keyboard.press("Enter");
    await page.getByRole("table", { name: "Before and after" }).waitFor();
    await tabTo(page, /button "Write"/);
    await page.keyboard.press("Enter");
    await page.getByText("Calls follow within seconds.").waitFor();
    const note = async () => (await stack().table("Routes").getEntity(PSTN_LINE, "mobile")).note;
    expect(await note()).toBe("A phone by keyboard");
    await tabTo(page, /button "Undo /);
    await page.keyboard.press("Enter");
    const undo = page.getByRole("button", { name: "Undo it" });
    await undo.waitFor();
    await tabTo(page, /button "Undo it"/);
    await page.keyboard.press("Enter");
    await undo.waitFor({ state: "detached" });
    expect(await note()).toBe("A phone");
  });
});

describeInBrowser("the page", () => {
  it("is less than 300 KB compressed in all", async () => {
    const files = await Promise.all(
      ["index.html", "page.js", "page.css"].map((name) =>
        readFile(new URL(`../../dist/console/${name}`, import.meta.url)),
      ),
    );
    const bytes = files.reduce((sum, file) => sum + gzipSync(file).byteLength, 0);
    expect(bytes).toBeLessThan(300 * 1024);
  });
});
