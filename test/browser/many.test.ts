import { randomUUID } from "node:crypto";
import { beforeAll, expect, it } from "vitest";
import { callKey, hourOf } from "../../src/store/call-rows.ts";
import { addMany } from "../console/tables.ts";
import { useAzurite } from "../support/azurite.ts";
import { describeInBrowser } from "../support/browser.ts";
import { textOf, useConsolePages } from "./consoles.ts";

const COUNT = 10_000;
/** A screen of rows, and some to spare. */
const MOST_DRAWN = 80;

const azurite = useAzurite();

beforeAll(async () => {
  const lines = Array.from({ length: COUNT }, (_, index) => ({
    kind: "insert" as const,
    table: "Lines" as const,
    keys: { partitionKey: "line", rowKey: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}` },
    cells: { name: `Line ${String(index).padStart(4, "0")}`, number: `+1425${String(5_550_000 + index)}` },
  }));
  await addMany(azurite().tables, lines);
  await azurite().tables.Routes.createEntity({
    partitionKey: "default",
    rowKey: "desk",
    targets: "phone:+12345678901",
  });
  // Their keys come before `override`, and their notes have its name.
  const rules = Array.from({ length: 1200 }, (_, index) => ({
    kind: "insert" as const,
    table: "Routes" as const,
    keys: { partitionKey: "default", rowKey: `spare-${String(index).padStart(4, "0")}` },
    cells: { enabled: "false", targets: "phone:+12345678901", note: "Not an override" },
  }));
  await addMany(azurite().tables, rules);
  await azurite().tables.Routes.createEntity({
    partitionKey: "override",
    rowKey: "site:Nowhere",
    targets: "phone:+12345678901",
    note: "Storm",
  });
}, 120_000);

const { open } = useConsolePages(() => azurite().azurite.connectionString);

describeInBrowser("ten thousand lines", () => {
  it("are there from the first to the last, of which only a screen is drawn", async () => {
    const page = await open("lines");
    const rows = page.getByRole("row");
    await rows.filter({ hasText: "Line 0000" }).waitFor();
    expect(await textOf(page.getByRole("status").filter({ hasText: "lines" }))).toContain("10000 lines");
    expect(await rows.count()).toBeLessThan(MOST_DRAWN);
    await rows.filter({ hasText: "Line 0000" }).focus();
    await page.keyboard.press("End");
    await rows.filter({ hasText: "Line 9999" }).getByText("+1 234 567 8901").first().waitFor();
    expect(await rows.count()).toBeLessThan(MOST_DRAWN);
    await page.getByRole("grid").hover();
    await page.mouse.wheel(0, -200_000);
    await rows.filter({ hasText: "Line 9999" }).waitFor({ state: "detached" });
    expect(await rows.count()).toBeLessThan(MOST_DRAWN);
  });

  it("come over once: who looks again is told that nothing has changed", async () => {
    const page = await open("lines");
    await page.getByRole("row").filter({ hasText: "Line 0000" }).waitFor();
    await page.getByRole("link", { name: "Import" }).click();
    const again = page.waitForResponse((response) => response.url().endsWith("/api/lines"));
    await page.getByRole("link", { name: "Lines", exact: true }).click();
    expect((await again).status()).toBe(304);
    await page.getByRole("row").filter({ hasText: "Line 0000" }).waitFor();
  });

  it("are found by name", async () => {
    const page = await open("lines");
    await page.getByLabel("Find a line").fill("line 7421");
    await page.getByText("1 of 10000 lines").waitFor();
    await page.getByRole("row").filter({ hasText: "Line 7421" }).waitFor();
  });

  it("are rows to change, asked for as they come into view", async () => {
    const page = await open("rows?table=Lines");
    const rows = page.getByRole("row");
    await rows.filter({ hasText: "Line 0000" }).focus();
    await page.keyboard.press("End");
    await rows.filter({ hasText: "Line 9999" }).waitFor();
    expect(await rows.count()).toBeLessThan(MOST_DRAWN);
  });
});

describeInBrowser("a table of more rows than are given at once", () => {
  it("opens a row from beyond them", async () => {
    const page = await open("rows?table=Routes&partition=default&row=spare-1199");
    expect(await page.getByLabel("note").inputValue()).toBe("Not an override");
  });

  it("shows the overrides, whatever other rows say of overrides", async () => {
    const page = await open("rows?table=Routes");
    const override = page.getByRole("table", { name: "Overrides" }).getByRole("row", { name: /Site Nowhere/ });
    expect(await textOf(override)).toContain("Storm");
  });
});

describeInBrowser("a log of many calls", () => {
  const logCall = async (at: Date, caller: string) => {
    const callId = randomUUID();
    const { partitionKey, rowKey } = callKey(callId, hourOf(at));
    const row = { partitionKey, rowKey, callId, receivedAt: at, caller, status: "rejected", action: "reject busy" };
    await azurite().tables.Calls.createEntity(row);
  };

  it("keeps the place of whoever reads on, and offers what came meanwhile", async () => {
    const now = Date.now();
    for (let index = 0; index < 150; index++) await logCall(new Date(now - 60_000 - index * 1000), "+14255550142");
    const page = await open("calls");
    const grid = page.getByRole("grid");
    await grid.getByText("+1 425 555 0142").first().waitFor();
    expect(await grid.getByRole("row").count()).toBeLessThan(MOST_DRAWN);
    await grid.hover();
    await page.mouse.wheel(0, 600);
    await grid.locator('[aria-rowindex="2"]').waitFor({ state: "detached" });
    await logCall(new Date(), "+14255550177");
    await page.getByRole("button", { name: "Show 1 newer call" }).waitFor();
    const newest = grid.getByText("+1 425 555 0177");
    expect(await newest.count()).toBe(0);
    await page.getByRole("button", { name: "Show 1 newer call" }).click();
    await page.mouse.move(700, 700);
    await page.mouse.wheel(0, -5000);
    await newest.waitFor();
  });
});
