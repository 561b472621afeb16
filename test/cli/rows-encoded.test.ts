import { describe, expect, it } from "vitest";
import { readRow } from "../../src/store/tables.ts";
import { IDS } from "../support/rows.ts";
import { useDenver, writeRows } from "./denver.ts";

const { running, command } = useDenver();
const signal = new AbortController().signal;
const targets = `user:${IDS.ben}`;

const noteOf = async (table: "Routes" | "Schedules" | "CallerLists", partitionKey: string, rowKey: string) =>
  (await readRow(running().tables[table], partitionKey, rowKey, signal))?.note;

describe("ringroute, of rows whose stored keys hold a % of their own", () => {
  it("shows, changes and removes a rule by the key as it is stored", async () => {
    await writeRows(running(), { Routes: { helpdesk: { "50%": { targets, caller: "+1720*", note: "raw" } } } });
    expect((await command(["routes", "show", "helpdesk", "50%"])).stdout).toContain("Routes helpdesk/50%\n");
    expect((await command(["routes", "set", "helpdesk", "50%", "--note", "new"])).code).toBe(0);
    expect(await noteOf("Routes", "helpdesk", "50%")).toBe("new");
    expect(await noteOf("Routes", "helpdesk", "50%25")).toBeUndefined();
    expect((await command(["routes", "remove", "helpdesk", "50%", "--yes"])).code).toBe(0);
    expect((await command(["routes", "show", "helpdesk", "50%"])).code).toBe(1);
  });

  it("takes the exact key before the encoded one, which can be named as it is stored too", async () => {
    const rows = { "50%": { note: "raw" }, "50%25": { note: "encoded" } };
    const rules = Object.entries(rows).map(([key, cells], index) => [
      key,
      { ...cells, targets, caller: `+1720555${index}*` },
    ]);
    await writeRows(running(), { Routes: { helpdesk: Object.fromEntries(rules) } });
    expect((await command(["routes", "show", "helpdesk", "50%"])).stdout).toMatch(/note +raw/);
    expect((await command(["routes", "show", "helpdesk", "50%25"])).stdout).toMatch(/note +encoded/);
    for (const key of ["50%", "50%25"]) await running().tables.Routes.deleteEntity("helpdesk", key);
  });

  it("lists the rules of such a group, shows such a schedule, and takes a caller off such a list", async () => {
    const hours = { timeZone: "America/Denver", monday: "09:00-17:00" };
    await writeRows(running(), {
      Routes: { "100%": { day: { targets } } },
      Schedules: { "100%": { hours } },
      CallerLists: { "+17205550100": { "100%": {} } },
    });
    expect((await command(["routes", "list", "100%"])).stdout).toContain("day");
    expect((await command(["schedules", "show", "100%"])).stdout).toContain("America/Denver");
    expect((await command(["schedules", "set", "100%", "hours", "--note", "mine"])).code).toBe(0);
    expect(await noteOf("Schedules", "100%", "hours")).toBe("mine");
    expect((await command(["lists", "show", "100%"])).stdout).toContain("+1 720 555 0100");
    expect((await command(["lists", "remove", "100%", "+17205550100", "--yes"])).code).toBe(0);
    const { stdout } = await command(["check"]);
    expect(stdout).toContain("Routes 100%/day");
    await running().tables.Routes.deleteEntity("100%", "day");
    await running().tables.Schedules.deleteEntity("100%", "hours");
  });
});

describe("ringroute check, of keys that had to be encoded", () => {
  it("prints them as they can be typed back", async () => {
    await writeRows(running(), { Routes: { helpdesk: { "day%2Fnight": { targets, enabled: "no" } } } });
    const { stdout } = await command(["check"]);
    await running().tables.Routes.deleteEntity("helpdesk", "day%2Fnight");
    expect(stdout).toContain("Routes helpdesk/day/night, column enabled");
  });
});

describe("ringroute lists show, of a list that nobody is on", () => {
  it("ends with 1, as the other commands do for what there is not", async () => {
    expect(await command(["lists", "show", "nosuch"])).toMatchObject({ code: 1, stdout: "" });
  });
});
