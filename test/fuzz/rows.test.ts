import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { parseRedirect } from "../../local/graph-simulator/redirect-rules.ts";
import { redirectBody } from "../../src/graph/redirect-body.ts";
import type { Decision } from "../../src/routing/decision.ts";
import { explain, nameOfDecider } from "../../src/routing/explain.ts";
import { ringTargets } from "../../src/routing/ring.ts";
import { LIST_COLUMNS } from "../../src/store/list-rows.ts";
import { LINE_COLUMNS, ROUTE_COLUMNS } from "../../src/store/rule-rows.ts";
import { EXCEPTION_COLUMNS, HOURS_COLUMNS } from "../../src/store/schedule-rows.ts";
import { ALICE, BOB, type Cells, type Decided, decideCall, LINE, MOBILE, QUEUE } from "../support/decisions.ts";
import { announce, fuzzing, longText, oddJson, PROPERTY_MS, PROTOTYPE_KEYS } from "./cases.ts";

const LINE_TARGET = `resource:${LINE}`;
const TOO_MANY = Array.from({ length: 30 }, (_, index) => `phone:+142555501${10 + index}`).join();

/** Cells that are right in their columns; any other column is right with a time of day. */
const RIGHT: Readonly<Record<string, readonly unknown[]>> = {
  priority: [100, "1", " 5 "],
  enabled: [true, "yes", "TRUE", "off"],
  caller: ["*", "+1425*", "phone, !list:blocked", "list:vip", "teams", "anonymous", "external"],
  schedule: ["hours", "!hours", "Hours", "nowhere"],
  from: ["2026-06-03T12:00:00-04:00"],
  until: ["2026-12-25T00:00Z", new Date("2030-01-01T00:00Z")],
  action: ["redirect", "redirect", "Reject"],
  targets: [ALICE, `${ALICE} x3, ${BOB} "Bob"`, QUEUE, `${MOBILE}; ${LINE_TARGET}`, TOO_MANY],
  ring: ["all", "random", "round-robin"],
  timeout: [15, "90"],
  policies: ["disableForwarding", "none, noMissedCall"],
  fallback: [MOBILE, `${BOB}, ${QUEUE}`],
  reason: ["busy", "none"],
  number: ["+14255550100", "(425) 555-0100"],
  group: ["sales"],
  site: ["x"],
  timeZone: ["America/New_York", "W. Europe Standard Time"],
  holidays: ["holidays", "hours, holidays"],
};
const TIMES = ["09:00-17:00", "22:00-06:00", "00:00-24:00", "09:00-12:30, 13:30-17:00", "closed", "open"];

/** What people type elsewhere, or wrongly. Pieces of it make cells that are almost right. */
const PIECES =
  `${ALICE}|user:|x99999999999|"Bob"|*|!|+1425*|list:|tenant:|country:US|${LINE}|redirect|24:00|09:00-|W. Europe|
2026-06-03|2026-02-30T00:00Z|12-25|2026-06-01..2026-06-09|last monday of may|-1|1e9|0x10|100|no| |\u00a0|,|;|–|“|site:x|override`.split(
    "|",
  );

const typed = fc
  .array(fc.constantFrom(...PIECES), { maxLength: 6 })
  .chain((pieces) => fc.constantFrom("", " ", ", ", ",", ";").map((between) => pieces.join(between)));

/** A cell of any content, and of any type that the table service and its tools give. */
const cell: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: typed },
  { weight: 2, arbitrary: fc.oneof(fc.double(), fc.bigInt(), fc.boolean(), fc.date({ noInvalidDate: false })) },
  { weight: 1, arbitrary: fc.oneof(oddJson, longText, fc.string({ unit: "binary" }), fc.uint8Array()) },
  {
    weight: 1,
    arbitrary: fc.record({ value: fc.oneof(fc.string(), fc.double()), type: fc.constantFrom("Int64", "Edm.Guid") }),
  },
);

/** A row whose cells are mostly right, so that it often counts. */
function cells(columns: readonly string[]): fc.Arbitrary<Cells> {
  const known = columns.map((column) => {
    const right = fc.constantFrom<unknown>(...(RIGHT[column] ?? TIMES));
    const absent = fc.constant("");
    const weight = ["targets", "timeZone"].includes(column) ? 1 : 30;
    const any = fc.oneof(
      { weight: 60, arbitrary: right },
      { weight, arbitrary: absent },
      { weight: 1, arbitrary: cell },
    );
    return [column, any] as const;
  });
  const stray = fc.oneof(fc.constantFrom(...PROTOTYPE_KEYS, "Timestamp", "etag", "targets@odata.type"), fc.string());
  return fc
    .tuple(fc.record(Object.fromEntries(known)), fc.dictionary(stray, cell, { maxKeys: 1, noNullPrototype: true }))
    .map(([right, strays]) => ({ ...strays, ...right }));
}

function table(keys: readonly string[], rowKeys: readonly string[], columns: readonly string[]) {
  const key = (known: readonly string[]) =>
    fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...known) }, fc.string(), fc.constantFrom(...PROTOTYPE_KEYS));
  const rows = fc.dictionary(key(rowKeys), cells(columns), { maxKeys: 5, noNullPrototype: true });
  return fc.dictionary(key(keys), rows, { maxKeys: 4, noNullPrototype: true });
}

const someTables = fc.record({
  lines: fc.dictionary(fc.constantFrom(LINE, "x"), cells(LINE_COLUMNS), { noNullPrototype: true }),
  routes: table(["all", "override", LINE, "sales", "default"], ["a", "b", LINE, "site:x", "all"], ROUTE_COLUMNS),
  schedules: table(
    ["hours", "holidays", "default"],
    ["hours", "12-25", "2026-06-03", "2026-06-01..2026-06-09", "first wednesday"],
    [...HOURS_COLUMNS, ...EXCEPTION_COLUMNS],
  ),
  callerLists: table(["+14255550142", ALICE], ["vip", "blocked"], LIST_COLUMNS),
});

const someCall = fc.record({
  caller: fc.oneof(fc.constantFrom("+14255550142", "6d17c2f5-eac8-588b-835e-843f1323bef3", "anonymous", ""), longText),
  at: fc.constantFrom(
    "2026-06-03T12:00:00-04:00",
    "2026-11-01T01:30:00-04:00",
    "2026-12-25T23:59:59Z",
    "1970-01-01T00:00Z",
  ),
  cameFrom: fc.constantFrom([], [BOB.replace("user:", "")]),
  fallbackTarget: fc.constantFrom("", MOBILE),
});

beforeAll(() => announce("rows"));

/** What is sent to Graph for it, in each turn of a rotation. */
function bodiesOf(decision: Decision): unknown[] {
  if (decision.kind === "reject") return [];
  const { ring, targets, policies, timeoutSeconds } = decision;
  const rings = [undefined, 0, 1, 1_396_755_359].map((turn) => ringTargets(ring, targets, "a call", turn));
  const fallbacks = decision.fallbacks.map((fallback) => ringTargets("all", fallback.targets, "a call", undefined));
  const callbackUri = "https://calls.contoso.com/api/calls/2026112515";
  const more = timeoutSeconds === undefined ? {} : { timeoutSeconds };
  return [
    ...rings.map((each) => redirectBody({ targets: each, policies, callbackUri, ...more })),
    ...fallbacks.map((each) => redirectBody({ targets: each, policies: [], callbackUri })),
  ];
}

function check({ decision, faults }: Decided): void {
  for (const body of bodiesOf(decision)) parseRedirect(JSON.parse(JSON.stringify(body)));
  for (const fault of faults) expect(fault).toMatch(/^(Lines|Routes|Schedules|CallerLists) /);
  expect(explain(decision).length).toBeGreaterThan(0);
  const applied = decision.trace.steps.filter(({ why }) => why === undefined);
  expect(applied.map(({ partition, rule }) => `${partition}/${rule}`)).toEqual(
    decision.by.kind === "rule" ? [nameOfDecider(decision.by)] : [],
  );
}

describe("rows of any kind", () => {
  it("never break a decision, and Graph takes what is sent for it", { timeout: PROPERTY_MS }, () => {
    fc.assert(
      fc.property(someTables, someCall, (rows, call) => check(decideCall(rows, call))),
      fuzzing(0.1),
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it("never cost a good row of the same partition its call", { timeout: PROPERTY_MS }, () => {
    fc.assert(
      fc.property(someTables, someCall, ({ routes, schedules, callerLists }, call) => {
        // A rule that always applies, in the partition that is asked first: one of that partition must decide.
        const all = { ...routes.all, good: { targets: MOBILE } };
        const decided = decideCall({ routes: { ...routes, all }, schedules, callerLists }, { ...call, cameFrom: [] });
        check(decided);
        expect(decided.by).toMatch(/^all\//);
      }),
      fuzzing(0.05),
    );
  });
});
