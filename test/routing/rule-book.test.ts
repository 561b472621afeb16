import { describe, expect, it } from "vitest";
import { ANYONE } from "../../src/routing/caller-match.ts";
import { compareRules } from "../../src/routing/decide.ts";
import type { Rule } from "../../src/routing/rule.ts";
import { bookOf, type Partitions } from "../../src/routing/rule-book.ts";
import { LINE } from "../support/decisions.ts";

const aRule = (partition: string, name: string, priority = 100): Rule => ({
  partition,
  name,
  priority,
  enabled: true,
  caller: ANYONE,
  action: { kind: "reject", reason: "busy" },
});

const NONE: Partitions = {
  all: undefined,
  overrides: undefined,
  line: undefined,
  group: undefined,
  default: undefined,
};
const DENVER = { id: LINE, number: "+13035550100", name: "Front desk", site: "Denver", fallback: [] };

const namesOf = (partitions: readonly (readonly Rule[])[]) =>
  partitions.map((rules) => rules.map(({ partition, name }) => `${partition}/${name}`));

describe("bookOf", () => {
  it("puts the partitions in the order in which they decide", () => {
    const { partitions } = bookOf(
      LINE,
      DENVER,
      {
        default: [aRule("default", "day")],
        group: [aRule("sales", "day")],
        line: [aRule(LINE, "day")],
        overrides: [aRule("override", "all"), aRule("override", "Front desk"), aRule("override", "site:Denver")],
        all: [aRule("all", "blocked")],
      },
      new Map(),
    );
    expect(namesOf(partitions).flat()).toEqual([
      "all/blocked",
      "override/Front desk",
      "override/site:Denver",
      "override/all",
      `${LINE}/day`,
      "sales/day",
      "default/day",
    ]);
  });

  it("goes on without partitions that could not be read", () => {
    const { partitions } = bookOf(LINE, undefined, { ...NONE, default: [aRule("default", "day")] }, new Map());
    expect(namesOf(partitions).flat()).toEqual(["default/day"]);
    expect(bookOf(LINE, undefined, NONE, new Map()).partitions.flat()).toEqual([]);
  });

  it("keeps the line for its fallback, and has none where the line has no row", () => {
    expect(bookOf(LINE, DENVER, NONE, new Map()).line).toBe(DENVER);
    expect(bookOf(LINE, undefined, NONE, new Map())).not.toHaveProperty("line");
  });

  it("leaves out the overrides of other lines and sites", () => {
    const overrides = ["site:Seattle", "+12065550100", "0ca15291-fc36-535a-950f-454bf8a1d303", "Workshop"].map(
      (scope) => aRule("override", scope),
    );
    expect(bookOf(LINE, DENVER, { ...NONE, overrides }, new Map()).partitions.flat()).toEqual([]);
    expect(bookOf(LINE, undefined, { ...NONE, overrides }, new Map()).partitions.flat()).toEqual([]);
  });

  it("knows a line by its number in the national spelling of the region", () => {
    const overrides = [aRule("override", "(303) 555-0100")];
    expect(bookOf(LINE, DENVER, { ...NONE, overrides }, new Map(), "US").partitions.flat()).toEqual(overrides);
    expect(bookOf(LINE, DENVER, { ...NONE, overrides }, new Map(), "DE").partitions.flat()).toEqual([]);
  });

  it("takes no line without a name, number or site for one of an empty scope", () => {
    const overrides = ["", "site:", " "].map((scope) => aRule("override", scope));
    const bare = { id: LINE, fallback: [] };
    expect(bookOf(LINE, bare, { ...NONE, overrides }, new Map()).partitions.flat()).toEqual([]);
  });

  it("keeps the order of the rules that it is given", () => {
    const rules = [aRule("default", "late", 5), aRule("default", "early", 7), aRule("default", "a", 7)];
    expect(bookOf(LINE, DENVER, { ...NONE, default: rules }, new Map()).partitions.flat()).toEqual(rules);
  });
});

describe("compareRules", () => {
  it("puts lower priorities first, then names", () => {
    const rules = [aRule("default", "b"), aRule("default", "a"), aRule("default", "z", -1), aRule("default", "c", 99)];
    expect(rules.toSorted(compareRules).map(({ name }) => name)).toEqual(["z", "c", "a", "b"]);
  });

  it("finds a rule equal to itself", () => {
    expect(compareRules(aRule("default", "a"), aRule("default", "a"))).toBe(0);
  });
});
