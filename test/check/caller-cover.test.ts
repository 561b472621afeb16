import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { areApart, covers, takesNobody } from "../../src/check/caller-cover.ts";
import { matchCaller, rankOf } from "../../src/routing/caller-match.ts";
import { ANONYMOUS, type Party } from "../../src/routing/party.ts";
import { callerColumn, OTHER_TENANT, OWN_TENANT } from "../support/decisions.ts";

const ALICE = "6d17c2f5-eac8-588b-835e-843f1323bef3";
const ENTRIES = [
  "*",
  "+14255550142",
  "+442079460961",
  "1064",
  ALICE,
  "+1*",
  "+1425*",
  "+44*",
  "+4*",
  "list:vip",
  "list:blocked",
  `tenant:${OWN_TENANT}`,
  `tenant:${OTHER_TENANT}`,
  "country:US",
  "country:GB",
  "country:CA",
  "phone",
  "teams",
  "internal",
  "external",
  "anonymous",
];
const PARTIES: readonly Party[] = [
  ANONYMOUS,
  ...["+14255550142", "+14255550143", "+12065550142", "+442079460961", "+447700900123", "+4930123456", "1064"].map(
    (id): Party => ({ kind: "phone", id }),
  ),
  ...[undefined, OWN_TENANT, OTHER_TENANT].flatMap((tenantId) =>
    (["user", "guest", "encrypted", "device", "applicationInstance", "onPremises"] as const).map(
      (kind): Party => ({ kind, id: ALICE, ...(tenantId === undefined ? {} : { tenantId }) }),
    ),
  ),
];

const someColumn = fc
  .record({
    include: fc.subarray(ENTRIES, { minLength: 1, maxLength: 3 }),
    exclude: fc.oneof(fc.constant<string[]>([]), fc.subarray(ENTRIES, { maxLength: 2 })),
  })
  .map(({ include, exclude }) => [...include, ...exclude.map((entry) => `!${entry}`)].join(", "));

const someCaller = fc.record({
  caller: fc.constantFrom(...PARTIES),
  country: fc.constantFrom(undefined, "US", "GB"),
  lists: fc.subarray(["vip", "blocked"]),
});

function verdict(
  column: string,
  { caller, country, lists }: typeof someCaller extends fc.Arbitrary<infer T> ? T : never,
) {
  const call = {
    callId: "call",
    called: { kind: "application", id: "bot" } as const,
    caller,
    cameFrom: [],
    ...(country === undefined ? {} : { callerCountry: country }),
  };
  return matchCaller(callerColumn(column), call, { ownTenantId: OWN_TENANT, lists: new Set(lists) });
}

describe("covers", () => {
  it.each([
    ["*", "+14255550142"],
    ["*", "list:vip, teams"],
    ["+1425*", "+14255550142"],
    ["+1*", "+1425*"],
    ["phone", "+1425*, 1064"],
    ["external", "phone, anonymous"],
    ["teams", "internal"],
    ["country:GB", "+442079460961"],
    ["internal, external", "*"],
    ["external", "*, !internal"],
    ["*, !+1425*", "*, !+1*"],
    ["*, !+1425*", "+1206*"],
    ["phone, !teams", "+1425*"],
    ["*, !country:GB", "+1425*"],
    ["list:vip, phone", "list:vip"],
  ])("knows that %s takes everybody whom %s takes", (wide, narrow) => {
    expect(covers(callerColumn(wide), callerColumn(narrow))).toBe(true);
  });

  it.each([
    ["+1425*", "+1*"],
    ["phone", "*"],
    ["*, !+1425*", "+1*"],
    ["country:US", "+1*"],
    ["country:DE", "+49*"],
    ["list:vip", "list:blocked"],
    ["external", "teams"],
    ["internal", `tenant:${OWN_TENANT}`],
    ["*, !list:vip", "+14255550142"],
  ])("does not claim that %s takes everybody whom %s takes", (wide, narrow) => {
    expect(covers(callerColumn(wide), callerColumn(narrow))).toBe(false);
  });

  it("is never wrong when it says so", () => {
    fc.assert(
      fc.property(someColumn, someColumn, someCaller, (wide, narrow, caller) => {
        fc.pre(covers(callerColumn(wide), callerColumn(narrow)));
        if (verdict(narrow, caller).matches) expect(verdict(wide, caller).matches, `${wide} > ${narrow}`).toBe(true);
      }),
      { numRuns: 3000, maxSkipsPerRun: 1000 },
    );
  });

  it("takes ranks into account: at one priority the wider rule decides only where it is as specific", () => {
    const asSpecific = (wide: string, narrow: string) =>
      covers(callerColumn(wide), callerColumn(narrow), (one, other) => rankOf(one) >= rankOf(other));
    expect(asSpecific("external", "phone")).toBe(true);
    expect(asSpecific("+1*", "+1425*")).toBe(false);
    expect(asSpecific("*", "phone")).toBe(false);
  });
});

describe("takesNobody", () => {
  it.each(["+1425*, !phone", "+14255550142, !+1425*", "*, !internal, !external", "list:vip, !list:vip"])(
    "knows that %s takes nobody",
    (column) => {
      expect(takesNobody(callerColumn(column))).toBe(true);
    },
  );

  it("is never wrong when it says so", () => {
    fc.assert(
      fc.property(someColumn, someCaller, (column, caller) => {
        if (takesNobody(callerColumn(column))) expect(verdict(column, caller).matches).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("areApart", () => {
  it("is never wrong when it says that nobody is taken by both", () => {
    const entry = fc.constantFrom(...ENTRIES);
    fc.assert(
      fc.property(entry, entry, someCaller, (one, other, caller) => {
        const [first] = callerColumn(one).include;
        const [second] = callerColumn(other).include;
        if (first === undefined || second === undefined || !areApart(first, second)) return;
        expect(verdict(one, caller).matches && verdict(other, caller).matches).toBe(false);
      }),
      { numRuns: 5000 },
    );
  });
});
