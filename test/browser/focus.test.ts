import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { seedTables } from "../../local/seed.ts";
import { useAzurite } from "../support/azurite.ts";
import { describeInBrowser } from "../support/browser.ts";
import { useConsolePages } from "./consoles.ts";
import { PSTN_LINE } from "./lines.ts";

const azurite = useAzurite();
const tables = () => azurite().azurite.connectionString;
beforeAll(async () => await seedTables(tables()));
const { open } = useConsolePages(tables);

/** What has the focus, by role and name: `button "Undo …"`. */
async function focusOf(page: Page): Promise<string> {
  const focused = page.locator(":focus");
  return (await focused.count()) === 0 ? "nothing" : ((await focused.ariaSnapshot()).split("\n")[0] ?? "");
}

/** Opens a row by keyboard and reviews a change of its note. */
async function reviewNote(page: Page, note: string): Promise<void> {
  await page.getByRole("grid").getByRole("row").filter({ hasText: "mobile" }).click();
  await page.getByLabel("note").fill(note);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Write" }).waitFor();
}

describeInBrowser("the focus", () => {
  const openRows = async () => await open("rows?table=Routes&find=mobile");

  it("is on the row again when its dialog is closed", async () => {
    const page = await openRows();
    await page.getByRole("grid").getByRole("row").filter({ hasText: "mobile" }).click();
    await page.getByLabel("note").waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => focusOf(page)).toMatch(/row ".*mobile/);
  });

  it("is on the first field when the review is left by Back", async () => {
    const page = await openRows();
    await reviewNote(page, "Not to be written");
    await page.getByRole("button", { name: "Back" }).click();
    await expect.poll(() => focusOf(page)).toMatch(/"priority"/);
  });

  /** The note as the table holds it. */
  const note = async () => (await azurite().tables.Routes.getEntity(PSTN_LINE, "mobile")).note;

  it("is on what was written after a write, and in the content after that is undone", async () => {
    const page = await openRows();
    await reviewNote(page, "Written and taken back");
    await page.getByRole("button", { name: "Write" }).click();
    await expect.poll(() => focusOf(page)).toMatch(/Changed Routes .*mobile. Calls follow/);
    await page.getByRole("button", { name: /^Undo Changed Routes/ }).press("Enter");
    await expect.poll(() => focusOf(page)).toMatch(/Undo .*Changed Routes .*mobile.*\?/);
    await page.getByRole("button", { name: "Undo it" }).press("Enter");
    await page.getByRole("button", { name: /^Undo / }).waitFor({ state: "detached" });
    expect(await focusOf(page)).toMatch(/^- main/);
  });

  it("is where Enter, pressed again or held after a write or on Undo, takes nothing back", async () => {
    const page = await openRows();
    const before = await note();
    await reviewNote(page, "Written once");
    await page.getByRole("button", { name: "Write" }).focus();
    // Down again without being up is a key that is held.
    await page.keyboard.down("Enter");
    await page.keyboard.down("Enter");
    const undo = page.getByRole("button", { name: /^Undo Changed Routes/ });
    await undo.waitFor();
    await page.keyboard.down("Enter");
    await page.keyboard.up("Enter");
    await page.keyboard.press("Enter");
    await undo.focus();
    for (let presses = 0; presses < 3; presses++) await page.keyboard.down("Enter");
    await page.keyboard.up("Enter");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Undo it" }).waitFor();
    expect(await note()).toBe("Written once");
    await page.getByRole("button", { name: "Leave it as it is" }).click();
    await undo.dblclick();
    expect(await note()).toBe("Written once");
    await undo.click();
    await page.getByRole("button", { name: "Undo it" }).click();
    await undo.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Undo it" }).waitFor({ state: "detached" });
    expect(await note()).toBe(before);
  });

  it("stays in a form that Escape would close over something typed, until Escape comes once more", async () => {
    const page = await openRows();
    await page.getByRole("grid").getByRole("row").filter({ hasText: "mobile" }).click();
    const field = page.getByLabel("note");
    await field.fill("Half a sentence");
    await page.keyboard.down("Escape");
    await page.keyboard.down("Escape");
    await page.keyboard.up("Escape");
    const question = page.getByRole("alert").filter({ hasText: "What you have typed is not written" });
    await question.waitFor();
    expect(await field.inputValue()).toBe("Half a sentence");
    await field.pressSequentially(".");
    await question.waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await question.waitFor();
    await page.keyboard.press("Escape");
    await field.waitFor({ state: "detached" });
    await expect.poll(() => focusOf(page)).toMatch(/row ".*mobile/);
  });

  it("is on what was written after an override is switched on", async () => {
    const page = await open("rows");
    await page.getByRole("button", { name: "Switch on…" }).click();
    await page.getByLabel("Whose calls").selectOption("all");
    await page.getByLabel("Who rings").fill("phone:+14255550111");
    await page.getByRole("button", { name: "Review…" }).click();
    await page.getByRole("button", { name: "Write" }).click();
    await expect.poll(() => focusOf(page)).toMatch(/Added Routes override\/all. Calls follow/);
    await azurite().tables.Routes.deleteEntity("override", "all");
  });

  it("leaves the view that Back leads to alone when a dialog goes with the view before", async () => {
    const page = await open("lines");
    await page.getByRole("row").filter({ hasText: "Support" }).waitFor();
    await page.evaluate(`location.hash = "#/rows?table=Routes&partition=${PSTN_LINE}&row=mobile"`);
    await page.getByLabel("note").waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "Lines" }).waitFor();
    await page.getByRole("row").filter({ hasText: "Support" }).waitFor();
    expect(new URL(page.url()).hash).toBe("#/lines");
  });
});
