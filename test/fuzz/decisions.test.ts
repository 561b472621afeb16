import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { explain } from "../../src/routing/explain.ts";
import { partyOf } from "../../src/routing/party.ts";
import { ringTargets } from "../../src/routing/ring.ts";
import { REJECT_REASONS } from "../../src/routing/rule.ts";
import {
  ALICE,
  BOB,
  bookFor,
  type Cells,
  decideCall,
  LINE,
  MOBILE,
  QUEUE,
  type TypedCall,
  type TypedRows,
} from "../support/decisions.ts";
import { announce, fuzzing, longText, PROPERTY_MS, PROTOTYPE_KEYS } from "./cases.ts";

const CALLER = "+14255550142";

/** Right cells by column, so that most rows may decide. */
const RIGHT: Readonly<Record<string, readonly unknown[]>> = {
  priority: [1, "100", "-5", 1e6],
  enabled: [true, "yes", "off"],
  caller: ["*", CALLER, "+1425*", "!phone, *", "list:vip", "country:US", "anonymous", "*, !list:vip"],
  schedule: ["desk", "!desk", "nowhere", "Desk"],
  from: ["2026-01-01T00:00Z", "2027-01-01T00:00+14:00"],
  until: ["2026-06-03T12:00-04:00", "2030-01-01T00:00Z"],
  action: ["redirect", "reject", "Reject"],
  targets: [ALICE, `${ALICE}, ${BOB} "Bob" x3`, MOBILE, QUEUE, `resource:${LINE}`, `phone:${CALLER}`],
  ring: ["all", "random", "round-robin"],
  timeout: [15, "90", 20.0],
  policies: ["none", "disableForwarding, noMissedCall"],
  fallback: [BOB, `${MOBILE}; ${QUEUE}`],
  reason: ["busy", "none"],
  number: ["+14255550100", "(425) 555-0100"],
  group: ["sales", "SALES", "default", "all"],
  site: ["Denver", "all"],
  timeZone: ["America/New_York", "UTC", "Eastern Standard Time"],
  monday: ["09:00-17:00", "22:00-06:00", "00:00-24:00"],
  wednesday: ["00:00-00:00", "09:00-12:00, 13:00-17:00"],
  holidays: ["desk", "closed, desk"],
  hours: ["closed", "open", "10:00-12:00"],
};
const PIECES = Object.values(RIGHT).flat();

/** Right pieces so often that whatever is worse than linear shows. */
const piledUp = fc
  .tuple(fc.constantFrom(...PIECES.map(String)), fc.nat({ max: 32_000 }))
  .map(([piece, length]) => piece.repeat(length / piece.length));

const wrongCell = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(...PIECES) },
  { weight: 20, arbitrary: fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" })) },
  { weight: 10, arbitrary: fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }) },
  { weight: 1, arbitrary: fc.oneof(longText, piledUp) },
);

const otherColumn = fc.oneof(fc.constantFrom(...PROTOTYPE_KEYS, "Target", "PRIORITY", "odata.etag"), fc.string());

const cells: fc.Arbitrary<Cells> = fc
  .array(
    fc
      .constantFrom(...Object.keys(RIGHT))
      .chain((column) =>
        fc.tuple(
          fc.oneof({ weight: 8, arbitrary: fc.constant(column) }, { weight: 1, arbitrary: otherColumn }),
          fc.oneof(
            { weight: 8, arbitrary: fc.constantFrom(...(RIGHT[column] ?? [])) },
            { weight: 1, arbitrary: wrongCell },
          ),
        ),
      ),
    { maxLength: 8 },
  )
  .map((entries) => Object.fromEntries(entries));

const ruleName = fc.oneof(fc.constantFrom("a", "b", LINE, "site:Denver", "all", ...PROTOTYPE_KEYS), fc.string());
const rules = fc.dictionary(
  ruleName,
  cells.map((some) => ({ targets: ALICE, ...some })),
  { maxKeys: 4 },
);
const day = fc.oneof(fc.constantFrom("hours", "2026-06-03", "06-03", "2026-06-01..2026-06-30", "02-30"), fc.string());

const rows: fc.Arbitrary<TypedRows> = fc.record({
  lines: fc.dictionary(fc.constantFrom(LINE, "other"), cells),
  routes: fc.dictionary(fc.constantFrom("all", "override", LINE, "sales", "SALES", "default"), rules),
  schedules: fc.dictionary(fc.constantFrom("desk", "closed", "else"), fc.dictionary(day, cells, { maxKeys: 4 })),
  callerLists: fc.dictionary(fc.constantFrom(CALLER, ""), fc.dictionary(fc.constantFrom("vip", " VIP "), cells)),
});

const kind = fc.constantFrom("user" as const, "phone" as const, "application" as const, "guest" as const);
const party = fc.oneof(
  fc.constantFrom(CALLER, "anonymous", "4255550142", ALICE.slice("user:".length)),
  fc.tuple(kind, fc.string({ unit: "binary" })).map(([what, id]) => partyOf(what, id, "US")),
);

const call: fc.Arbitrary<TypedCall> = fc.record({
  caller: party,
  cameFrom: fc.array(party, { maxLength: 3 }),
  countryCode: fc.oneof(fc.constantFrom("US", "us", "XX"), fc.string()),
  at: fc.date({ min: new Date(0), max: new Date("2200-01-01"), noInvalidDate: true }).map((at) => at.toISOString()),
  callId: fc.string(),
  goesRound: fc.boolean(),
  fallbackTarget: fc.constantFrom("", BOB, `resource:${LINE}`),
});

function rowsIn(routes: TypedRows["routes"] = {}): number {
  return Object.values(routes).reduce((sum, partition) => sum + Object.keys(partition).length, 0);
}

beforeAll(() => announce("decisions"));

it("decides any call by any rows, twice the same way, and as Graph can be asked", { timeout: PROPERTY_MS }, () => {
  fc.assert(
    fc.property(rows, call, (given, incoming) => {
      const { decision } = decideCall(given, incoming);
      expect(decideCall(given, incoming).decision).toEqual(decision);
      // `all` and `default` may be the group too, and their rules are then looked at twice.
      expect(decision.trace.steps.length).toBeLessThanOrEqual(2 * rowsIn(given.routes));
      for (const sentence of explain(decision)) expect(sentence).not.toBe("");
      if (decision.kind === "reject") {
        expect(REJECT_REASONS).toContain(decision.reason);
        return;
      }
      for (const turn of [undefined, 0, 7]) {
        const ringing = ringTargets(decision.ring, decision.targets, incoming.callId ?? "", turn);
        expect(ringing.length).toBeLessThanOrEqual(25);
        expect(ringing.length).toBeGreaterThanOrEqual(1);
      }
      for (const targets of [decision.targets, ...decision.fallbacks.map((fallback) => fallback.targets)]) {
        expect(targets.map(({ id }) => id)).not.toContain(LINE);
      }
    }),
    fuzzing(0.07),
  );
});

it("decides as if a row with a mistake were not there", { timeout: PROPERTY_MS }, () => {
  const broken = { targets: "phone:12", priority: 0 };
  fc.assert(
    fc.property(rows, call, fc.constantFrom("all", LINE, "default"), (given, incoming, partition) => {
      const routes = { ...given.routes, [partition]: { ...given.routes?.[partition], "zz-broken": broken } };
      const { decision, faults } = decideCall({ ...given, routes }, incoming);
      expect(decision).toEqual(decideCall(given, incoming).decision);
      expect(faults.some((fault) => fault.includes("zz-broken"))).toBe(true);
      const names = bookFor({ ...given, routes }, incoming).partitions.flatMap((all) => all.map(({ name }) => name));
      expect(names).not.toContain("zz-broken");
    }),
    fuzzing(0.03),
  );
});
