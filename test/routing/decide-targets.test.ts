import { describe, expect, it } from "vitest";
import {
  ALICE,
  BOB,
  CAROL,
  type Cells,
  decideCall,
  LINE,
  MOBILE,
  QUEUE,
  type TypedCall,
} from "../support/decisions.ts";

const NUMBER = "phone:+13035550100";
const ALICE_ID = ALICE.replace("user:", "");
const LINES = { [LINE]: { number: "303 555 0100", fallback: CAROL } };

function decided(day: Cells, call: TypedCall = {}) {
  return decideCall({ lines: LINES, routes: { default: { day } } }, call);
}

describe("a target", () => {
  it.each([
    ["the called line by its id", `resource:${LINE.toUpperCase()}`, `resource:${LINE}`],
    ["the called line by its number", "phone:13035550100", NUMBER],
  ])("that is %s is left out, and the trace says so", (_what, typed, dropped) => {
    const { does, dropped: told } = decided({ targets: `${typed}, ${BOB}` });
    expect(does).toBe(`redirect ${BOB}`);
    expect(told).toEqual([`day drops ${dropped}: own-line`]);
  });

  it("that already had the call is left out, and the trace says so", () => {
    const call = { cameFrom: [ALICE_ID, "+14255550199"] };
    const { does, dropped } = decided({ targets: `${ALICE}, ${BOB}, ${MOBILE}` }, call);
    expect(does).toBe(`redirect ${BOB}`);
    expect(dropped).toEqual([`day drops ${ALICE}: came-from`, `day drops ${MOBILE}: came-from`]);
  });

  it("is known as one that had the call however its number is spelled", () => {
    expect(decided({ targets: `phone:(425) 555-0199, ${BOB}` }, { cameFrom: ["14255550199"] }).does).toBe(
      `redirect ${BOB}`,
    );
  });

  it("of another line rings, though that is a line too", () => {
    expect(decided({ targets: QUEUE }).does).toBe(`redirect ${QUEUE}`);
  });

  it("keeps its name and weight", () => {
    expect(decided({ targets: `${ALICE} "Alice" x3`, ring: "random" }).does).toBe(`redirect ${ALICE} "Alice" x3`);
  });
});

describe("a rule left with nobody to ring", () => {
  it("does not apply", () => {
    const { by, passedOver, dropped } = decided({ targets: `${NUMBER}, ${ALICE}` }, { cameFrom: [ALICE_ID] });
    expect(by).toBe("the line's fallback");
    expect(passedOver).toEqual(["default/day: nobody-left"]);
    expect(dropped).toEqual([`day drops ${NUMBER}: own-line`, `day drops ${ALICE}: came-from`]);
  });

  it("does not apply when only weights of 0 are left to choose from", () => {
    const targets = `${ALICE} x2, ${BOB} x0`;
    for (const ring of ["random", "round-robin"]) {
      expect(decided({ targets, ring }, { cameFrom: [ALICE_ID] }).passedOver).toEqual(["default/day: nobody-left"]);
      expect(decided({ targets, ring }).by).toBe("default/day");
    }
  });

  it("applies when all ring together, whatever their weights", () => {
    expect(decided({ targets: `${ALICE} x0`, ring: "all" }).by).toBe("default/day");
  });

  it("leaves a reject as it is", () => {
    expect(decided({ action: "reject", targets: NUMBER }).does).toBe("reject busy");
  });

  it("lets another of its priority decide, though that is less specific", () => {
    const routes = {
      default: { exact: { caller: "+14255550142", targets: ALICE }, any: { targets: BOB } },
    };
    expect(decideCall({ routes }, { cameFrom: [ALICE_ID] })).toMatchObject({
      by: "default/any",
      passedOver: ["default/exact: nobody-left"],
    });
  });
});

describe("the fallbacks of lines and of the app", () => {
  it("leave out what cannot ring as well", () => {
    const lines = { [LINE]: { fallback: `resource:${LINE}, ${BOB}` } };
    expect(decideCall({ lines })).toMatchObject({
      by: "the line's fallback",
      does: `redirect ${BOB}`,
      dropped: [`line fallback drops resource:${LINE}: own-line`],
    });
  });

  it("give way to the next when nobody is left", () => {
    const lines = { [LINE]: { fallback: ALICE } };
    const call = { cameFrom: [ALICE_ID], fallbackTarget: `${ALICE}, ${CAROL}` };
    expect(decideCall({ lines }, call)).toMatchObject({
      by: "FALLBACK_TARGET",
      does: `redirect ${CAROL}`,
      dropped: [`line fallback drops ${ALICE}: came-from`, `FALLBACK_TARGET drops ${ALICE}: came-from`],
    });
    expect(decideCall({ lines }, { ...call, fallbackTarget: ALICE }).does).toBe("reject none");
  });

  it("ring together, with Graph's own timeout and no policies", () => {
    const { decision } = decideCall({ lines: { [LINE]: { fallback: `${ALICE} x2, ${BOB}` } } });
    expect(decision).toMatchObject({ ring: "all", policies: [] });
    expect(decision).not.toHaveProperty("timeoutSeconds");
  });
});

describe("what is tried when Graph refuses", () => {
  const day = { targets: ALICE, fallback: `${BOB}, ${MOBILE}` };

  it("is the rule's fallback, then the line's, then FALLBACK_TARGET", () => {
    expect(decided(day, { fallbackTarget: QUEUE }).fallbacks).toEqual([
      `rule ${BOB}, ${MOBILE}`,
      `line ${CAROL}`,
      `app ${QUEUE}`,
    ]);
  });

  it("after the line's fallback is FALLBACK_TARGET, and after that nothing", () => {
    expect(decideCall({ lines: LINES }, { fallbackTarget: QUEUE }).fallbacks).toEqual([`app ${QUEUE}`]);
    expect(decideCall({}, { fallbackTarget: QUEUE }).fallbacks).toEqual([]);
  });

  it("leaves out what nobody has set", () => {
    expect(decideCall({ routes: { default: { day: { targets: ALICE } } } }).fallbacks).toEqual([]);
  });

  it("leaves out the line itself and who had the call, with a word in the trace", () => {
    const call = { cameFrom: [BOB.replace("user:", ""), CAROL.replace("user:", "")], fallbackTarget: NUMBER };
    const { fallbacks, dropped } = decided(day, call);
    expect(fallbacks).toEqual([`rule ${MOBILE}`]);
    expect(dropped).toEqual([
      `day drops ${BOB}: came-from`,
      `line fallback drops ${CAROL}: came-from`,
      `FALLBACK_TARGET drops ${NUMBER}: own-line`,
    ]);
  });
});
