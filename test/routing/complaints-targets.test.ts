import { describe, expect, it } from "vitest";
import { explain } from "../../src/routing/explain.ts";
import { ringTargets } from "../../src/routing/ring.ts";
import { ALICE, BOB, CAROL, decideCall, LINE, QUEUE, type TypedCall, type TypedRows } from "../support/decisions.ts";

/** Who rings for each of 1000 calls, by share. */
function shares(rows: TypedRows, call: TypedCall = {}): Record<string, number> {
  const rung: Record<string, number> = {};
  for (let index = 0; index < 1000; index++) {
    const callId = `${index.toString(16).padStart(8, "0")}-189d-56c9-b76d-32a400587971`;
    const { decision } = decideCall(rows, { ...call, callId });
    if (decision.kind === "reject") throw new TypeError("nobody rings");
    for (const { id } of ringTargets(decision.ring, decision.targets, callId, undefined))
      rung[id] = (rung[id] ?? 0) + 1;
  }
  return rung;
}

const idOf = (target: string) => target.replace(/^\w+:/, "");

describe("weights hold", () => {
  const random = (targets: string) => ({ routes: { default: { day: { targets, ring: "random" } } } });

  it("1 and 1 is about half each", () => {
    const rung = shares(random(`${ALICE}, ${BOB}`));
    for (const target of [ALICE, BOB]) {
      expect(rung[idOf(target)]).toBeGreaterThan(450);
      expect(rung[idOf(target)]).toBeLessThan(550);
    }
  });

  it("30, 30 and 40 becomes half each when the third cannot ring, not 70 to 30", () => {
    const rung = shares(random(`${ALICE} x30, ${BOB} x30, ${CAROL} x40`), { cameFrom: [idOf(CAROL)] });
    expect(Object.keys(rung).toSorted()).toEqual([idOf(ALICE), idOf(BOB)].toSorted());
    expect(rung[idOf(ALICE)]).toBeGreaterThan(450);
    expect(rung[idOf(ALICE)]).toBeLessThan(550);
  });

  it("0 never rings", () => {
    expect(shares(random(`${ALICE} x0, ${BOB}`))).toEqual({ [idOf(BOB)]: 1000 });
  });

  it("all 0 goes to the fallback", () => {
    const rows = { ...random(`${ALICE} x0, ${BOB} x0`), lines: { [LINE]: { fallback: QUEUE } } };
    expect(decideCall(rows)).toMatchObject({ by: "the line's fallback", does: `redirect ${QUEUE}` });
  });

  it("the same call always gives the same choice", () => {
    const rows = random(`${ALICE}, ${BOB}, ${CAROL}`);
    expect(shares(rows)).toEqual(shares(rows));
  });
});

describe("two who forward to each other", () => {
  const OTHER_LINE = "0ca15291-fc36-535a-950f-454bf8a1d303";
  const rows = {
    routes: {
      [LINE]: { day: { targets: `resource:${OTHER_LINE}` } },
      [OTHER_LINE]: { day: { targets: `resource:${LINE}`, fallback: ALICE } },
    },
  };

  it("do not send one call round and round", () => {
    const first = decideCall(rows, { called: LINE, fallbackTarget: QUEUE });
    expect(first.does).toBe(`redirect resource:${OTHER_LINE}`);
    const back = {
      called: OTHER_LINE,
      cameFrom: [{ kind: "applicationInstance", id: LINE } as const],
      fallbackTarget: QUEUE,
    };
    expect(decideCall(rows, back)).toMatchObject({
      by: "FALLBACK_TARGET",
      does: `redirect ${QUEUE}`,
      dropped: [`day drops resource:${LINE}: came-from`],
    });
  });
});

describe("a call whose chain keeps coming back", () => {
  const routes = { all: { a: { targets: ALICE } }, [LINE]: { b: { targets: BOB } }, default: { c: { targets: BOB } } };

  it("rings the fallback, whatever the rules say, and no rule is looked at", () => {
    const decided = decideCall({ routes }, { goesRound: true, fallbackTarget: QUEUE });
    expect(decided).toMatchObject({ by: "FALLBACK_TARGET", does: `redirect ${QUEUE}`, passedOver: [] });
    expect(explain(decided.decision)[0]).toContain("coming back");
  });

  it("ends when there is no fallback", () => {
    expect(decideCall({ routes }, { goesRound: true }).does).toBe("reject none");
  });
});

describe("a row with a mistake", () => {
  const rows = {
    lines: { [LINE]: { number: "12", fallback: CAROL } },
    routes: {
      [LINE]: { broken: { targets: "", note: "to do" }, timed: { targets: ALICE, timeout: "2 minutes" } },
      default: { day: { targets: BOB } },
    },
  };
  const decided = decideCall(rows);

  it("is skipped, and the next one decides", () => {
    expect(decided).toMatchObject({ by: "default/day", does: `redirect ${BOB}` });
  });

  it("is reported with table, row and column, the route without a target among them", () => {
    expect(decided.faults.toSorted()).toEqual([
      expect.stringMatching(/^Lines .*, column number: found "12"/),
      expect.stringMatching(new RegExp(`^Routes ${LINE}/broken, column targets`)),
      expect.stringMatching(new RegExp(`^Routes ${LINE}/timed, column timeout: found "2 minutes"`)),
    ]);
  });

  it("costs a line's row only the cell: its fallback still stands", () => {
    expect(decided.fallbacks).toEqual([`line ${CAROL}`]);
  });
});

describe("a table without any row", () => {
  it("still leaves the caller somebody who answers", () => {
    expect(decideCall({}, { fallbackTarget: QUEUE }).does).toBe(`redirect ${QUEUE}`);
  });
});

describe("numbers that went through a spreadsheet", () => {
  const targets = (text: string) => decideCall({ routes: { default: { day: { targets: text } } } }, { region: "GB" });

  it.each(["phone:442079460961", "phone:'+442079460961", "phone: +442079460961", "phone:020 7946 0961"])(
    "%s still rings",
    (text) => {
      expect(targets(text).does).toBe("redirect phone:+442079460961");
    },
  );

  it("4.41E+11 has lost its digits and is refused, not guessed", () => {
    expect(targets("phone:4.41E+11").faults).toEqual([expect.stringContaining("4.41E+11")]);
  });
});
