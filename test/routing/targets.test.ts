import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatTarget, parseTargets, tooMany } from "../../src/routing/targets.ts";

const ALICE = "6d17c2f5-eac8-588b-835e-843f1323bef3";
const BOB = "442bf7d8-aa2f-5999-b696-46483e5a6f02";

function read(text: string) {
  const targets = parseTargets(text, "US");
  return "wrong" in targets ? targets.wrong : targets.map(formatTarget);
}

describe("parseTargets", () => {
  it.each([
    [`user:${ALICE}`, [`user:${ALICE}`]],
    [`USER : {${ALICE.toUpperCase()}}`, [`user:${ALICE}`]],
    [`app:${ALICE}, resource:${BOB}`, [`app:${ALICE}`, `resource:${BOB}`]],
    ["phone:(425) 555-0199", ["phone:+14255550199"]],
    ["phone:+1 425-555-0199 x3", ["phone:+14255550199 x3"]],
    ["phone: 14255550199 × 3", ["phone:+14255550199 x3"]],
    [`user:${ALICE} "Alice, Reception"`, [`user:${ALICE} "Alice, Reception"`]],
    [`user:${ALICE} “Alice” X2; user:${BOB}`, [`user:${ALICE} "Alice" x2`, `user:${BOB}`]],
    [`user:${ALICE} "Alice"x2\nuser:${BOB} x0`, [`user:${ALICE} "Alice" x2`, `user:${BOB} x0`]],
    [`user:${ALICE} "Desk x3"`, [`user:${ALICE} "Desk x3"`]],
    [`user:${ALICE} x2, user:${ALICE.toUpperCase()} x5`, [`user:${ALICE} x2`]],
    [", ,", []],
    ["", []],
  ])("reads %s", (text, targets) => {
    expect(read(text)).toEqual(targets);
  });

  it.each([
    ["*"],
    [ALICE],
    ["+14255550199"],
    ["phone:1064"],
    ["phone:+14255550199x3"],
    ["phone:+14255550199 x"],
    ["phone:+14255550199 x-1"],
    ["user:alice@contoso.com"],
    ["user:"],
    ['user:"Alice"'],
    [`usr:${ALICE}`],
    [`user:${ALICE} user:${BOB}`],
    [`user:${ALICE} "A" "B"`],
  ])("refuses %s, and quotes it", (text) => {
    expect(read(text)).toContain(`"${text}"`);
  });

  it("reads a long cell in no time, however it is wrong", () => {
    const started = performance.now();
    read(`user:${"a-".repeat(15_000)}a "n" "m"`);
    read(`user:${" ".repeat(30_000)}x`);
    read(`phone:${"x 1 ".repeat(8000)}y`);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it("reads back what formatTarget writes", () => {
    const id = fc.uuid({ version: [4] });
    const name = fc.stringMatching(/^[^"“”„«»]{1,20}$/u).map((text) => text.trim());
    const target = fc.record(
      {
        kind: fc.constantFrom("user" as const, "application" as const, "applicationInstance" as const),
        id,
        displayName: name.filter((text) => text !== ""),
        weight: fc.nat({ max: 1000 }),
      },
      { requiredKeys: ["kind", "id", "weight"] },
    );
    fc.assert(
      fc.property(target, (some) => {
        expect(parseTargets(formatTarget(some))).toEqual([some]);
      }),
    );
  });

  it("never throws", () => {
    const near = fc.stringMatching(/^(user|phone|app): ?[0-9a-f +"x,-]{0,40}$/);
    fc.assert(fc.property(fc.oneof(fc.string(), near), (text) => parseTargets(text, "US") !== undefined));
  });
});

describe("tooMany", () => {
  it("lets 25 ring together, and not 26", () => {
    const some = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        kind: "phone" as const,
        id: `+1425555${1000 + index}`,
        weight: 1,
      }));
    expect(tooMany(some(25))).toBeUndefined();
    expect(tooMany(some(26))).toContain("26");
  });
});
