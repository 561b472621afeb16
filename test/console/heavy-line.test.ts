import { beforeAll, describe, expect, it } from "vitest";
import type { CoverageAnswer, StateAnswer } from "../../src/console/api/looking.ts";
import { useAzurite } from "../support/azurite.ts";
import { useConsole } from "./consoles.ts";
import { addMany, fill } from "./tables.ts";

const LINE = "7629bdce-046c-4903-86b4-a8f718277e1a";
const RULES = 1200;
const SCHEDULES = 40;

const azurite = useAzurite();
const page = useConsole(() => ({ connectionString: azurite().azurite.connectionString }));

beforeAll(async () => {
  // Each opens and closes at a time of its own, so that much may change.
  const clock = (minutes: number) => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
  const schedules = Array.from({ length: SCHEDULES }, (_, at) => {
    const monday = `${clock(at * 30)}-${clock(at * 30 + 20)}`;
    return [`s${at}/hours`, { timeZone: "America/Denver", monday }] as const;
  });
  await fill(azurite().tables, {
    Lines: { [`line/${LINE}`]: { name: "Support" } },
    Schedules: Object.fromEntries(schedules),
  });
  const rules = Array.from({ length: RULES }, (_, at) => ({
    kind: "insert" as const,
    table: "Routes" as const,
    keys: { partitionKey: LINE, rowKey: `r${at}` },
    cells: { targets: "phone:+14255550111", caller: `+1425555${1000 + at}`, schedule: `s${at % SCHEDULES}` },
  }));
  await addMany(azurite().tables, rules);
  await addMany(azurite().tables, [
    {
      kind: "insert",
      table: "Routes",
      keys: { partitionKey: LINE, rowKey: "everyone" },
      cells: { targets: "phone:+14255550112", caller: "+1425555*", priority: "1" },
    },
  ]);
  page().wait(6);
  await page().get("state");
});

describe("a line with twelve hundred rules", () => {
  it("leaves the console free for others while its quarter is worked out", async () => {
    const answered: string[] = [];
    const heavy = page()
      .get<CoverageAnswer>("coverage?line=Support")
      .then(({ days }) => answered.push(`quarter of ${days.length} days`));
    await page().get<StateAnswer>("state");
    answered.push("state");
    await heavy;
    expect(answered).toEqual(["state", "quarter of 90 days"]);
  });

  it("remarks in its quarter which of them never decide, the first and how many more", async () => {
    // The check of so many rules may take longer than one request waits.
    await expect.poll(async () => (await page().get<StateAnswer>("state")).isChecked).toBe(true);
    const { remarks } = await page().get<CoverageAnswer>("coverage?line=Support");
    expect(remarks).toEqual(
      expect.arrayContaining([
        'Support/r0 never decides: "everyone" takes all of its calls before it, except calls that come from, or are for, whoever would ring there.',
        `There are ${RULES - 3} more such rules.`,
      ]),
    );
  });
});
