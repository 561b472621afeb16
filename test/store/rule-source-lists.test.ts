import { describe, expect, it } from "vitest";
import { storedRows } from "../../src/store/row-source.ts";
import { useAzurite } from "../support/azurite.ts";
import { CALLER } from "./calls.ts";
import { ADELE, find, ruleSourcesOf } from "./rule-sources.ts";

const azurite = useAzurite();
const { aSource, put } = ruleSourcesOf(azurite);

/** A source that reads lists only where a rule names one, and the tables that it reads. */
function aThriftySource() {
  const rows = storedRows(azurite().tables);
  const tables: string[] = [];
  const source = aSource({
    onlyNamedLists: true,
    rows: {
      ...rows,
      partition: (table, key, signal) => {
        tables.push(table);
        return rows.partition(table, key, signal);
      },
    },
  });
  return { source, tables };
}

describe("TableRuleSource.find, where only lists that rules name are wanted", () => {
  it.each([
    ["a rule takes them", { caller: "list:vip, +1425*" }],
    ["a rule leaves them out", { caller: "*, !list:vip" }],
  ])("reads the caller's lists when %s", async (_what, cells) => {
    await put("Routes", "default", { desk: { targets: ADELE, ...cells } });
    await put("CallerLists", CALLER, { VIP: {} });
    const { source, tables } = aThriftySource();
    expect([...(await find(source)).lists]).toEqual(["vip"]);
    expect(tables.filter((table) => table === "CallerLists")).toHaveLength(1);
  });

  it.each([
    ["no rule names one", { caller: "*" }],
    ["the rule that names one is not enabled", { caller: "list:vip", enabled: false }],
  ])("does not read them when %s", async (_what, cells) => {
    await put("Routes", "default", { desk: { targets: ADELE, ...cells } });
    await put("CallerLists", CALLER, { VIP: {} });
    const { source, tables } = aThriftySource();
    expect((await find(source)).lists.size).toBe(0);
    expect(tables).not.toContain("CallerLists");
  });

  it("reads no lists of a caller that withholds its number", async () => {
    await put("Routes", "default", { desk: { targets: ADELE, caller: "list:vip, *" } });
    const { source, tables } = aThriftySource();
    await find(source, { caller: { kind: "anonymous", id: "" } });
    expect(tables).not.toContain("CallerLists");
  });
});
