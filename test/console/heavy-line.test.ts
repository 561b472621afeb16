import { beforeAll, describe, expect, it } from "vitest";
import type { CoverageAnswer, StateAnswer, WeekAnswer } from "../../src/console/api.ts";
import { useAzurite } from "../support/azurite.ts";
import { useConsole } from "./consoles.ts";
import { addMany, fill } from "./tables.ts";

const LINE = "7629bdce-046c-4903-86b4-a8f718277e1a";
const RULES = 1000;
const SCHEDULES = 40;

const azurite = useAzurite();
const page = useConsole(() => ({ connectionString: azurite().azurite.connectionString }));

beforeAll(async () => {
  const hours = { timeZone: "America/Denver", monday: "09:00-12:00, 13:00-17:00", friday: "09:00-12:00" };
  const schedules = Array.from({ length: SCHEDULES }, (_, at) => [`s${at}/hours`, hours] as const);
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
  page().wait(6);
  await page().get("state");
});

describe("a line with a thousand rules", () => {
  it.each([
    ["week", () => page().get<WeekAnswer>("week?line=Support&day=2026-11-23")],
    ["quarter", () => page().get<CoverageAnswer>("coverage?line=Support")],
  ])("leaves the console free for others while its %s is worked out", async (name, ask) => {
    const answered: string[] = [];
    const heavy = ask().then(({ days }) => answered.push(`${name} of ${days.length} days`));
    await page().get<StateAnswer>("state");
    answered.push("state");
    await heavy;
    expect(answered).toEqual(["state", `${name} of ${name === "week" ? 7 : 90} days`]);
  });
});
