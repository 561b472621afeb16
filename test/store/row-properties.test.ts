import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isWrong } from "../../src/errors.ts";
import { CALLER_CLASSES, type CallerTerm, formatTerm, parseCallerMatch } from "../../src/routing/caller-match.ts";
import { normaliseNumber, type Region } from "../../src/routing/phone-number.ts";
import type { Target } from "../../src/routing/rule.ts";
import { formatTarget, parseTargets } from "../../src/routing/targets.ts";
import { TABLES } from "../../src/store/cells.ts";
import { LIST_COLUMNS, readMembership } from "../../src/store/list-rows.ts";
import { LINE_COLUMNS, ROUTE_COLUMNS, readLine, readRule } from "../../src/store/rule-rows.ts";
import { EXCEPTION_COLUMNS, HOURS_COLUMNS, readSchedule } from "../../src/store/schedule-rows.ts";
import { aRow, IDS } from "../support/rows.ts";

/** A text in quotes that a person could type into one cell. */
const name = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
  .filter((text) => !/["\u201c\u201d\u201e\u00ab\u00bb]/.test(text));

const COUNTRY_CODES = ["1", "33", "39", "44", "49", "52", "54", "55", "61", "81", "86", "91", "353", "971"];

/** Numbers as every row and call holds them. */
const number = fc
  .tuple(fc.constantFrom(...COUNTRY_CODES), fc.bigInt({ min: 1_000_000n, max: 99_999_999_999n }))
  .map(([code, subscriber]) => normaliseNumber(`+${code}${subscriber}`))
  .filter((normalised) => normalised !== undefined);

const region = fc.constantFrom<(Region | undefined)[]>(undefined, "US", "DE", "IT", "GB");

const target: fc.Arbitrary<Target> = fc.oneof(
  { maxDepth: 0 },
  fc.record(
    {
      kind: fc.constantFrom("user", "application", "applicationInstance"),
      id: fc.uuid(),
      displayName: name,
      weight: fc.nat({ max: 1000 }),
    },
    { requiredKeys: ["kind", "id", "weight"] },
  ),
  fc.record(
    { kind: fc.constant("phone"), id: number, displayName: name, weight: fc.nat({ max: 9 }) },
    { requiredKeys: ["kind", "id", "weight"] },
  ),
);

const targets = fc.uniqueArray(target, { maxLength: 26, selector: ({ kind, id }) => `${kind} ${id}` });

describe("formatTarget and parseTargets", () => {
  it("read back what they write, for any targets and in any region", () => {
    fc.assert(
      fc.property(targets, region, fc.constantFrom(", ", ",", ";", "\n"), (all, home, separator) => {
        expect(parseTargets(all.map(formatTarget).join(separator), home)).toEqual(all);
      }),
    );
  });
});

const term: fc.Arbitrary<CallerTerm> = fc.oneof(
  fc.constant<CallerTerm>({ kind: "anyone" }),
  fc.record({ kind: fc.constant("party"), id: fc.oneof(fc.uuid(), number, fc.stringMatching(/^\d{2,6}$/)) }),
  fc.record({ kind: fc.constant("prefix"), digits: fc.stringMatching(/^\+[1-9]\d{0,9}$/) }),
  fc.record({
    kind: fc.constant("list"),
    name: fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
      .map((text) => text.trim().toLowerCase())
      .filter((text) => /^[^,;\p{C}\p{Zl}\p{Zp}]+$/u.test(text)),
  }),
  fc.record({ kind: fc.constant("tenant"), id: fc.uuid() }),
  fc.record({ kind: fc.constant("country"), region: fc.constantFrom("US", "CA", "DE", "GB") }),
  fc.record({ kind: fc.constant("class"), name: fc.constantFrom(...CALLER_CLASSES) }),
);

describe("formatTerm and parseCallerMatch", () => {
  it("read back what they write, for any callers and in any region", () => {
    const match = fc.record({
      include: fc.array(term, { minLength: 1, maxLength: 5 }),
      exclude: fc.array(term, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(match, region, ({ include, exclude }, home) => {
        const typed = [...include.map(formatTerm), ...exclude.map((each) => `!${formatTerm(each)}`)].join(", ");
        expect(parseCallerMatch(typed, home)).toEqual({ include, exclude });
      }),
    );
  });
});

/** Pieces of right and nearly right cells, so that every reader is reached beyond its first check. */
const PIECES = [
  `user:${IDS.adele}`,
  `user:${IDS.adele} "Adele`,
  'phone:+14255550100 "x" x3',
  "phone:",
  "*",
  "!phone",
  "+1425*",
  "list:vip, !list:",
  "country:US",
  "09:00-17:00",
  "22:00-06:00, 05:00-07:00",
  "Europe/Berlin",
  "EST",
  "2026-12-24T09:00-05:00",
  "2026-12-24T09:00",
  "reject",
  "round-robin",
  "yes",
  "15",
  "-1",
];

const text = fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }), fc.constantFrom(...PIECES));

/** Whatever the table service may hand over for a cell, and some that it may not. */
const cell = fc.oneof(
  text,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.bigInt(),
  fc.date({ noInvalidDate: false }),
  fc.uint8Array({ maxLength: 4 }),
  fc.record({ value: text, type: fc.constantFrom("Int64", "Guid", "DateTime", "Binary") }),
  fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }),
);

const column = fc.constantFrom(
  ...new Set([...ROUTE_COLUMNS, ...LINE_COLUMNS, ...HOURS_COLUMNS, ...EXCEPTION_COLUMNS, ...LIST_COLUMNS]),
);

const row = fc
  .record({
    partitionKey: fc.string(),
    rowKey: fc.oneof(
      fc.string(),
      fc.constantFrom("hours", "2026-12-25", "12-24..12-26", "2026-12-26..2026-12-24", "last friday"),
    ),
    cells: fc.dictionary(fc.oneof({ weight: 5, arbitrary: column }, { weight: 1, arbitrary: fc.string() }), cell, {
      maxKeys: 8,
    }),
  })
  .map(({ partitionKey, rowKey, cells }) => aRow({ ...cells, partitionKey, rowKey }));

describe.each([
  ["readRule", readRule, ROUTE_COLUMNS],
  ["readLine", readLine, LINE_COLUMNS],
  ["readMembership", readMembership, LIST_COLUMNS],
  [
    "readSchedule",
    (each: ReturnType<typeof aRow>) => readSchedule("support", [each]),
    [...HOURS_COLUMNS, ...EXCEPTION_COLUMNS],
  ],
] as const)("%s", (_, read, columns) => {
  it("never throws, whatever the cells hold, and every fault leads to a cell that there is", () => {
    fc.assert(
      fc.property(row, region, (each, home) => {
        const { value, faults } = read(each, home);
        const places = new Set<string>(["RowKey", ...columns, ...Object.keys(each)]);
        for (const fault of faults) {
          expect(places).toContain(fault.column);
          expect(TABLES).toContain(fault.table);
          expect([fault.partitionKey, fault.rowKey]).toEqual([each.partitionKey, each.rowKey]);
          expect(fault.wrong).not.toBe("");
          expect(isWrong(value)).toBe(false);
        }
      }),
    );
  });
});

describe("readRule", () => {
  it("gives a rule exactly when no fault skips the row", () => {
    fc.assert(
      fc.property(row, (each) => {
        const { value, faults } = readRule(each, "US");
        expect(value === undefined).toBe(faults.some(({ skipsRow }) => skipsRow));
      }),
    );
  });
});
