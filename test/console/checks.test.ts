import { beforeAll, describe, expect, it } from "vitest";
import type { ProblemsAnswer } from "../../src/console/api/changing.ts";
import type { StateAnswer } from "../../src/console/api/looking.ts";
import { useAzurite } from "../support/azurite.ts";
import { useConsole } from "./consoles.ts";
import { addMany, fill } from "./tables.ts";

const idOf = (at: number) => `00000000-0000-4000-8000-${String(at).padStart(12, "0")}`;

const azurite = useAzurite();
const page = useConsole(() => ({ connectionString: azurite().azurite.connectionString }));
const state = () => page().get<StateAnswer>("state");

beforeAll(async () => {
  await fill(azurite().tables, {
    Lines: { [`line/${idOf(0)}`]: { group: "ring" } },
    Routes: { "ring/first": { targets: `resource:${idOf(1)}`, caller: "+14255550100" } },
  });
  page().wait(6);
});

/** Lines that all send calls on to one another, which takes a check long to follow. */
async function addHeavyLines(): Promise<void> {
  const [lines, rules] = [1500, 150];
  const lineRows = Array.from({ length: lines }, (_, at) => ({
    kind: "insert" as const,
    table: "Lines" as const,
    keys: { partitionKey: "line", rowKey: idOf(at + 1) },
    cells: { group: "ring" },
  }));
  const ruleRows = Array.from({ length: rules }, (_, at) => ({
    kind: "insert" as const,
    table: "Routes" as const,
    keys: { partitionKey: "ring", rowKey: `r${at}` },
    cells: { targets: `resource:${idOf(at * 10 + 1)}`, caller: `+1425555${1000 + at}` },
  }));
  await addMany(azurite().tables, lineRows);
  await addMany(azurite().tables, ruleRows);
}

describe("GET /api/state", () => {
  it("is answered while a heavy check goes on, with what the last one found, and tells when the new one has ended", async () => {
    await expect.poll(async () => (await state()).isChecked).toBe(true);
    const before = await state();
    await addHeavyLines();
    page().wait(6);
    const answered: string[] = [];
    const heavy = page()
      .get<ProblemsAnswer>("problems")
      .then(() => answered.push("problems"));
    const during = await state();
    answered.push("state");
    await heavy;
    expect(answered).toEqual(["state", "problems"]);
    expect(during).toMatchObject({ isChecked: false, problems: before.problems });
    expect(during.version).not.toBe(before.version);
    await expect.poll(async () => (await state()).isChecked).toBe(true);
    const after = await state();
    expect(after.problems).not.toEqual(before.problems);
    expect(after.version).not.toBe(during.version);
  });
});
