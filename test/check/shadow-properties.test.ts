import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/check/finding.ts";
import type { Party } from "../../src/routing/party.ts";
import {
  ALICE,
  BOB,
  type Cells,
  decideCall,
  LINE,
  MOBILE,
  OTHER_TENANT,
  OWN_TENANT,
  QUEUE,
  type TypedCall,
  type TypedRows,
} from "../support/decisions.ts";
import { mistakesIn, NOW } from "./books.ts";

const OTHER_LINE = QUEUE.replace("resource:", "");
const GUEST: Party = { kind: "guest", id: "6d17c2f5-eac8-588b-835e-843f1323bef3", tenantId: OTHER_TENANT };
const COLLEAGUE: Party = { kind: "user", id: "442bf7d8-aa2f-5999-b696-46483e5a6f02", tenantId: OWN_TENANT };

const someCell = {
  priority: fc.constantFrom(1, 2, 2, 100, 100),
  enabled: fc.constantFrom("", "", "", "", "no"),
  caller: fc.constantFrom(
    ..."*|*|*|phone|external|internal|internal, external|anonymous|teams|+1*|+1425*|+14255550142|list:vip".split("|"),
    ..."*, !+1425*|phone, !+14255550142|*, !internal|+1425*, !phone|country:US|+1425*, +1206*".split("|"),
    `tenant:${OTHER_TENANT}`,
    GUEST.id,
  ),
  schedule: fc.constantFrom(
    ..."||||dawn|!dawn|dawnless|noon|NOON|!noon|shut|!shut|round|!round|sets|nowhere".split("|"),
  ),
  from: fc.constantFrom("", "", "", "2026-01-01T00:00Z", "2026-06-04T00:00Z"),
  until: fc.constantFrom("", "", "", "2026-06-01T00:00Z", "2026-06-05T00:00Z", "2027-01-01T00:00Z"),
  ring: fc.constantFrom("", "", "random"),
};
const someTargets = fc
  .subarray([ALICE, `${BOB} "Bob" x0`, MOBILE, QUEUE, `resource:${LINE}`, "phone:+14255550100"], {
    minLength: 1,
    maxLength: 2,
  })
  .map((targets): Cells => ({ targets: targets.join(", ") }));
const someRule: fc.Arbitrary<Cells> = fc
  .tuple(fc.record(someCell), fc.oneof(fc.constant<Cells>({ action: "reject" }), someTargets))
  .map(([cells, action]) => ({ ...cells, ...action }));

const someRows: fc.Arbitrary<TypedRows> = fc
  .array(
    fc.tuple(
      fc.constantFrom("all", LINE, LINE, OTHER_LINE, "sales", "default", "default"),
      fc.constantFrom(..."abcde"),
      someRule,
    ),
    { minLength: 2, maxLength: 10 },
  )
  .map((rules) => {
    const routes: Record<string, Record<string, Cells>> = {};
    for (const [partition, name, cells] of rules) routes[partition] = { ...routes[partition], [name]: cells };
    return { ...SURROUNDINGS, routes };
  });

const SURROUNDINGS: TypedRows = {
  lines: { [LINE]: { group: "sales", number: "+14255550100" }, [OTHER_LINE]: { name: "queue" } },
  schedules: {
    noon: { hours: { timeZone: "Etc/UTC", wednesday: "12:00-13:00", thursday: "12:00-13:00" } },
    shut: { hours: { timeZone: "Etc/UTC" }, "2026-05-01": { hours: "open" } },
    round: {
      hours: Object.fromEntries([
        ["timeZone", "Etc/UTC"],
        ...["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"].map((day) => [day, "open"]),
      ]),
    },
    sets: { "12-25": {} },
    // Hours of which one is skipped in spring and one comes twice in autumn.
    dawn: { hours: { timeZone: "America/Los_Angeles", sunday: "01:30-02:30", wednesday: "05:00-06:00" } },
    dawnless: {
      hours: { timeZone: "America/Los_Angeles" },
      "2026-11-01": { hours: "00:00-24:00" },
      "2026-03-08": { hours: "open" },
    },
  },
};

/** Around the hour that comes twice and the one that is skipped in Los Angeles. */
const CLOCK_CHANGES = ["2026-11-01T08:45:00Z", "2026-11-01T09:15:00Z", "2026-11-01T09:45:00Z", "2027-03-14T10:00:00Z"];

const someCall: fc.Arbitrary<TypedCall & { readonly lists: readonly string[] }> = fc.record({
  called: fc.constantFrom(LINE, OTHER_LINE),
  caller: fc.constantFrom<(string | Party)[]>(
    "+14255550142",
    "+12065550142",
    "+442079460961",
    "1064",
    "anonymous",
    GUEST,
    COLLEAGUE,
  ),
  cameFrom: fc.subarray([ALICE.replace("user:", ""), MOBILE.replace("phone:", ""), COLLEAGUE], { maxLength: 2 }),
  countryCode: fc.constantFrom("US", "GB"),
  at: fc.constantFrom(
    NOW,
    "2026-06-03T13:00:00Z",
    "2026-06-04T12:30:00Z",
    "2026-06-05T00:00:00Z",
    "2027-06-04T00:00:00Z",
    ...CLOCK_CHANGES,
  ),
  lists: fc.subarray(["vip"]),
});

const PROOFS: readonly Finding["kind"][] = ["never-applies", "shadowed", "expired", "unknown-schedule"];

/** Whether a finding leaves calls that those who would ring had before, or whom they are for. */
const exceptsSome = ({ says }: Finding) => says.includes("except calls");

describe("findMistakes, against the decisions of calls", () => {
  it("says that a rule never decides only of rules that decide no call to come", () => {
    fc.assert(
      fc.property(someRows, fc.array(someCall, { minLength: 8, maxLength: 8 }), (rows, calls) => {
        const proofs = mistakesIn(rows).filter(({ kind, table }) => PROOFS.includes(kind) && table === "Routes");
        for (const { lists, ...call } of calls) {
          const onLists =
            typeof call.caller === "string"
              ? { [call.caller]: Object.fromEntries(lists.map((list) => [list, {}])) }
              : {};
          const { by } = decideCall({ ...rows, callerLists: onLists }, call);
          const wrong = proofs.filter((finding) => `${finding.partitionKey}/${finding.rowKey}` === by);
          const mayBe = (finding: Finding) =>
            exceptsSome(finding) && ((call.cameFrom ?? []).length > 0 || ringsOwnLine(rows, call));
          expect(wrong.filter((finding) => !mayBe(finding))).toEqual([]);
        }
      }),
      { numRuns: 1500 },
    );
  });
});

/** Whether any rule would ring the line that is called, which is left out then. */
function ringsOwnLine({ routes = {} }: TypedRows, { called = LINE }: TypedCall): boolean {
  const own = called === LINE ? [LINE, "+14255550100"] : [called];
  const targets = Object.values(routes).flatMap((rules) =>
    Object.values(rules).map((cells) => String(cells.targets ?? "")),
  );
  return targets.some((text) => own.some((id) => text.includes(id)));
}
