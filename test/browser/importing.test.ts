import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { seedTables } from "../../local/seed.ts";
import { useAzurite } from "../support/azurite.ts";
import { describeInBrowser } from "../support/browser.ts";
import { useConsolePages } from "./consoles.ts";

const azurite = useAzurite();
const tables = () => azurite().azurite.connectionString;
beforeAll(async () => await seedTables(tables()));
const { open } = useConsolePages(tables);

const HEAD = "PartitionKey,RowKey,targets\r\n";
const GOOD = `${HEAD}default,evening,phone:+14255550111\r\n`;

/** Drops files onto an element. @returns whether the page took them, so that the browser does not open them */
async function drop(page: Page, selector: string, ...names: readonly string[]): Promise<boolean> {
  const isTaken = `(() => {
    const dataTransfer = new DataTransfer();
    for (const name of ${JSON.stringify(names)})
      dataTransfer.items.add(new File([${JSON.stringify(GOOD)}], name, { type: "text/csv" }));
    const place = document.querySelector(${JSON.stringify(selector)});
    const given = { dataTransfer, bubbles: true, cancelable: true };
    return ["dragover", "drop"].every((type) => !place.dispatchEvent(new DragEvent(type, given)));
  })()`;
  return (await page.evaluate(isTaken)) === true;
}

describeInBrowser("a file for an import", () => {
  it("is taken wherever in the page it is dropped", async () => {
    const page = await open("import");
    await page.getByLabel(/Drop a CSV file/).waitFor();
    expect(await drop(page, "h1", "routes.csv")).toBe(true);
    await page.getByRole("heading", { name: "Plan for Routes" }).waitFor();
  });

  it("is taken alone: of several none is read", async () => {
    const page = await open("import");
    await page.getByLabel(/Drop a CSV file/).waitFor();
    expect(await drop(page, ".drop", "routes.csv", "lines.csv")).toBe(true);
    await page.getByRole("alert").filter({ hasText: "One file at a time is taken; 2 were dropped" }).waitFor();
    expect(await page.getByRole("heading", { name: /Plan/ }).count()).toBe(0);
  });

  it("is named as the export names it", async () => {
    const page = await open("import");
    await page.getByText("lines.csv, routes.csv, schedules.csv or lists.csv").waitFor();
  });

  it("with more mistakes than are shown says how many there are", async () => {
    const page = await open("import");
    const count = 2345;
    const wrong = Array.from({ length: count }, (_, index) => `default,r${index},nobody\r\n`).join("");
    const file = { name: "routes.csv", mimeType: "text/csv", buffer: Buffer.from(HEAD + wrong) };
    await page.getByLabel(/Drop a CSV file/).setInputFiles(file);
    await page.getByText(new RegExp(`^These are the first \\d+ of ${count} mistakes`)).waitFor();
  });
});
