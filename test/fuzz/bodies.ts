import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { longText, oddJson, PROTOTYPE_KEYS } from "./cases.ts";

const FIXTURES = new URL("../fixtures/notifications/", import.meta.url);
const fixtures = readdirSync(FIXTURES)
  .filter((name) => name.endsWith(".json"))
  .map((name) => new Uint8Array(readFileSync(new URL(name, FIXTURES))));
/** Those that are JSON; some fixtures are not, and show just that. */
const parsed = fixtures.flatMap((bytes) => {
  try {
    return [{ json: JSON.parse(new TextDecoder().decode(bytes)) as unknown }];
  } catch {
    return [];
  }
});

/** One change of a JSON value: `at` chooses the place. */
interface Change {
  readonly at: readonly number[];
  readonly does: "replace" | "remove" | "repeat" | "rename";
  readonly key: string;
  readonly value: unknown;
}

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 8 }),
  does: fc.constantFrom("replace", "replace", "remove", "repeat", "rename"),
  key: fc.oneof(fc.constantFrom(...PROTOTYPE_KEYS, "id", "state", "value", "resourceData", "tenantId"), fc.string()),
  value: fc.oneof(
    oddJson,
    fc.constantFrom(
      "incoming",
      "Terminated",
      "deleted",
      "#microsoft.graph.call",
      "/communications/calls/../x",
      "%2e%2e",
    ),
  ),
});

const changedFixture = fc
  .tuple(fc.constantFrom(...parsed), fc.array(change, { minLength: 1, maxLength: 4 }))
  .map(([{ json }, changes]) => encode(changes.reduce(changed, json)));

/** The value with one change, made as deep as `at` leads. */
function changed(json: unknown, { at: [place = 0, ...deeper], ...rest }: Change): unknown {
  const { does, key, value } = rest;
  if (typeof json !== "object" || json === null) return value;
  const entries = Object.entries(json);
  const index = entries.length === 0 ? 0 : place % entries.length;
  const [name, held] = entries[index] ?? [key, undefined];
  const goesDeeper = deeper.length > 0 && typeof held === "object" && held !== null;
  if (goesDeeper) entries[index] = [name, changed(held, { ...rest, at: deeper })];
  else if (does === "remove") entries.splice(index, 1);
  else if (does === "rename") entries[index] = [key, held];
  else if (does === "repeat") entries.push([Array.isArray(json) ? name : key, held]);
  else entries[index] = [name, value];
  return Array.isArray(json) ? entries.map(([, each]) => each) : Object.fromEntries(entries);
}

/** A fixture whose bytes were cut, overwritten, repeated or filled up. */
const brokenFixture = fc
  .tuple(
    fc.constantFrom(...fixtures),
    fc.nat(),
    fc.nat({ max: 40 }),
    fc.uint8Array({ maxLength: 12 }),
    fc.nat({ max: 3 }),
  )
  .map(([bytes, anywhere, length, junk, how]) => {
    const at = anywhere % (bytes.length + 1);
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
    if (how === 0) return before;
    if (how === 1) return joined(before, junk, after.subarray(length));
    if (how === 2) return joined(before, after.subarray(0, length), after);
    return joined(before, junk, after);
  });

const deep = fc
  .tuple(
    fc.constantFrom(3, 500, 20_000),
    fc.constantFrom(["[", "]"], ['{"value":', "}"], ['{"value":[', "]}"], ["[[", ""]),
  )
  .map(([depth, [open = "", close = ""]]) => encodeText(`${open.repeat(depth)}1${close.repeat(depth)}`));

const INCOMING = '{"resourceUrl":"/communications/calls/many","resourceData":{"state":"incoming"}}';

const wide = fc
  .oneof(
    fc.tuple(fc.constantFrom("0", "null", "{}", '"x"', "[]", '{"resourceData":{}}'), fc.constantFrom(2, 300, 9000)),
    // Each of these is claimed, all at once.
    fc.tuple(fc.constant(INCOMING), fc.constantFrom(2, 300)),
  )
  .map(([entry, times]) => encodeText(`{"value":[${Array.from({ length: times }, () => entry).join()}]}`));

const envelope = fc
  .array(fc.record({ resourceUrl: fc.oneof(oddJson, longText), resourceData: oddJson, changeType: oddJson }))
  .map((value) => encode({ value }));

const padded = fc.constantFrom(-1, 0, 1, 1000).map((over) => encodeText('{"value":[]}'.padEnd(256 * 1024 + over)));

/** What may be posted: mostly damaged notifications, and whatever else bytes can be. */
export const someBody: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 10, arbitrary: changedFixture },
  { weight: 6, arbitrary: brokenFixture },
  { weight: 4, arbitrary: envelope },
  { weight: 3, arbitrary: oddJson.map(encode) },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 400 }) },
  { weight: 1, arbitrary: fc.constantFrom(...fixtures) },
  { weight: 1, arbitrary: fc.oneof(deep, wide, padded) },
);

function encode(json: unknown): Uint8Array {
  return encodeText(JSON.stringify(json) ?? "");
}

function encodeText(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
