import { describe, expect, it } from "vitest";
import { formatTerm, parseCallerMatch } from "../../src/routing/caller-match.ts";
import { ANONYMOUS, type Party, partyOf } from "../../src/routing/party.ts";
import { callerColumn, callerVerdict, OTHER_TENANT, type TypedCall } from "../support/decisions.ts";

const ALICE = "6d17c2f5-eac8-588b-835e-843f1323bef3";
const BOB = "442bf7d8-aa2f-5999-b696-46483e5a6f02";

/** What is wrong with a column's text. */
function wrongOf(text: string): string | undefined {
  const match = parseCallerMatch(text, "US");
  return "wrong" in match ? match.wrong : undefined;
}

function takes(column: string, caller: string | Party, more: Omit<TypedCall, "caller"> = {}): boolean {
  return callerVerdict(column, { ...more, caller }).matches;
}

const user = (id: string, tenantId?: string): Party => ({
  ...partyOf("user", id),
  ...(tenantId === undefined ? {} : { tenantId }),
});

describe("the caller column", () => {
  it.each([
    "+14255550142",
    "14255550142",
    "(425) 555-0142",
    "425.555.0142",
    "phone:+1 425 555 0142",
    "011 14255550142",
  ])("takes the one number spelled %s", (typed) => {
    expect(takes(typed, "+14255550142")).toBe(true);
    expect(takes(typed, "4255550142")).toBe(true);
    expect(takes(typed, "+14255550143")).toBe(false);
    expect(takes(typed, ANONYMOUS)).toBe(false);
  });

  it.each([ALICE, `user:${ALICE}`, `USER: {${ALICE.toUpperCase()}}`])("takes the one user spelled %s", (typed) => {
    expect(takes(typed, user(ALICE))).toBe(true);
    expect(takes(typed, user(ALICE, OTHER_TENANT))).toBe(true);
    expect(takes(typed, user(BOB))).toBe(false);
  });

  it("takes a bot and a resource account by their ids", () => {
    expect(takes(`app:${ALICE}`, partyOf("application", ALICE))).toBe(true);
    expect(takes(`resource:${ALICE}`, partyOf("applicationInstance", ALICE))).toBe(true);
  });

  it("takes an extension, and does not make a number of it", () => {
    expect(takes("1064", "1064")).toBe(true);
    expect(takes("1064", "+1064")).toBe(false);
    expect(takes("1000", "1000")).toBe(true);
  });

  it.each([
    ["+1425*", "+14255550142", true],
    ["+1425*", "+14265550142", false],
    ["+1425*", "+441425555014", false],
    ["+1 (425) 555-*", "+14255550142", true],
    ["00 44 20 7946*", "+442079460961", true],
    ["+14255550142*", "+14255550142", true],
    ["+14255550142*", "+1425555014", false],
  ])("%s against %s: %s", (prefix, number, matches) => {
    expect(takes(prefix, number)).toBe(matches);
  });

  it("takes only numbers by a prefix", () => {
    expect(takes("+1*", ANONYMOUS)).toBe(false);
    expect(takes("+1*", user(ALICE))).toBe(false);
  });

  it.each(["+1425*", "+1*", "+14255550142"])("reads the + of %s as a plus, never as a pattern sign", (typed) => {
    expect(takes(typed, "+11425555014")).toBe(typed === "+1*");
    expect(takes(typed, "1064")).toBe(false);
  });

  it.each([
    "+1(301",
    "1425*",
    "*1425",
    "+*",
    "+0425*",
    "+1425**",
    "+14*55",
    "+1425?",
    "[+-X]",
    "^\\+1.*$",
    "+1.5e9*",
    "+44 (0)20*",
    "abc*",
  ])("refuses %s, and quotes it", (typed) => {
    expect(wrongOf(typed)).toContain(typed.replace(/\*$/, ""));
  });

  it.each([
    "+1425555O142",
    "alice@contoso.com",
    "everyone",
    "teams:",
    "list:",
    "tenant:contoso",
    "user:alice",
    "country:UK",
  ])("refuses %s, and says what would be right", (typed) => {
    expect(wrongOf(`+14255550142, ${typed}`)).toMatch(/for instance|such as|write/);
  });

  it.each(["!", "! ,", "!!+14255550142", "+14255550142, !abc"])("refuses the exclusion %s", (typed) => {
    expect(wrongOf(typed)).toBeDefined();
  });

  it("excludes after it includes, in whatever order they stand", () => {
    for (const column of ["+1425*, !+14255550142", "!+14255550142, +1425*"]) {
      expect(takes(column, "+14255550143")).toBe(true);
      expect(takes(column, "+14255550142")).toBe(false);
    }
    const verdictOnExcluded = callerVerdict("*, ! (425) 555-0142", { caller: "+14255550142" });
    expect(verdictOnExcluded).toMatchObject({ matches: false, excludedBy: { kind: "party", id: "+14255550142" } });
  });

  it("takes nobody who is in none of its entries, without blaming an exclusion", () => {
    expect(callerVerdict("+1425*, !teams", { caller: "+12065550142" })).toEqual({ matches: false });
  });

  it.each(["!+14255550142", "!anonymous, !+1425*"])("refuses %s: who may match is missing", (typed) => {
    expect(wrongOf(typed)).toContain("*");
  });

  it.each(["", "  ", "*", " * ", "phone, *"])("takes anyone when it holds %j", (column) => {
    for (const caller of ["+14255550142", "1064", user(ALICE, OTHER_TENANT), ANONYMOUS]) {
      expect(takes(column, caller)).toBe(true);
    }
  });

  it.each([",", ";", " , ,"])("does not mean anyone when it holds only %j", (column) => {
    expect(wrongOf(column)).toContain("*");
  });

  it("takes entries apart at commas, semicolons and line breaks", () => {
    for (const column of [`+14255550142,${ALICE}`, `+14255550142; ${ALICE}`, `+14255550142,\n${ALICE},`]) {
      expect(takes(column, "+14255550142")).toBe(true);
      expect(takes(column, user(ALICE))).toBe(true);
      expect(takes(column, user(BOB))).toBe(false);
    }
  });
});

describe("formatTerm", () => {
  it("writes every kind of entry so that it reads back", () => {
    const column = `+14255550142, ${ALICE}, 1064, +1425*, list:vip, tenant:${OTHER_TENANT}, country:US, external, *`;
    const { include } = callerColumn(column);
    expect(include.map(formatTerm).join(", ")).toBe(column);
  });
});
