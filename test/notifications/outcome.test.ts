import { describe, expect, it } from "vitest";
import { OUTCOMES, type Outcome, outcomeOf } from "../../src/notifications/outcome.ts";

/** Codes and subcodes with a documented or reported meaning. */
const ENDS: readonly [code: number, subcodes: readonly number[], outcome: Outcome][] = [
  // The other party ended the call, so they had spoken.
  [200, [4097, 4521, 18503], "answered"],
  // The conversation is over or somebody was removed: whether anybody had answered is not said.
  [200, [5000, 5001, 5002, 5003, 5007, 5010, 5012, 5013, 5020, 5300], "unknown"],
  // Ended by a bot; transferred.
  [200, [7000, 10550, 7015], "unknown"],
  // The party on the telephone network hung up.
  [200, [540000, 560000], "answered"],
  [0, [540000, 560000], "answered"],
  // The caller gave up.
  [487, [0, 540487, 560487], "caller gone"],
  [497, [560487], "caller gone"],
  // Taken on another endpoint.
  [487, [10003], "answered"],
  // Nobody took it in time.
  [487, [10004], "no answer"],
  [480, [560480], "no answer"],
  [603, [0], "declined"],
  [487, [10024], "declined"],
  [486, [540486, 560486], "busy"],
  // No endpoint, or none that can be reached; not to be routed.
  [480, [10037, 10076, 10077, 10078, 10134, 10199], "unreachable"],
  [408, [1106, 8537, 10057, 13025, 8544], "unreachable"],
  [400, [8541], "unreachable"],
  // A bad number; blocked.
  [484, [560484], "failed"],
  [403, [510403], "failed"],
  // Media.
  [410, [301005], "failed"],
  [500, [1005, 3002, 3003, 7106, 7117, 1203002], "failed"],
  [400, [2203], "failed"],
];

describe("outcomeOf", () => {
  it.each(ENDS.flatMap(([code, subcodes, outcome]) => subcodes.map((subcode) => [code, subcode, outcome] as const)))(
    "%i/%i is %s",
    (code, subcode, outcome) => {
      expect(outcomeOf({ code, subcode }, false)).toBe(outcome);
    },
  );

  it("is answered when somebody answered, whatever the codes say", () => {
    for (const [code, subcodes] of ENDS) {
      for (const subcode of subcodes) expect(outcomeOf({ code, subcode }, true)).toBe("answered");
    }
    expect(outcomeOf({}, true)).toBe("answered");
  });

  it("is unknown, not missed, when nobody says who answered and there are no codes", () => {
    expect(outcomeOf({}, false)).toBe("unknown");
    expect(outcomeOf({ subcode: 10004 }, false)).toBe("unknown");
    expect(outcomeOf({ message: "CallTerminated" }, false)).toBe("unknown");
  });

  it.each([
    [{ code: 404, subcode: 1 }, "failed"],
    [{ code: 430 }, "failed"],
    [{ code: 503, subcode: 99 }, "failed"],
    [{ code: 606, subcode: 1 }, "declined"],
    [{ code: 200, subcode: 99 }, "unknown"],
    [{ code: 200 }, "unknown"],
    [{ code: 302, subcode: 1 }, "unknown"],
    [{ code: 0, subcode: 0 }, "unknown"],
    [{ code: -1 }, "unknown"],
    [{ code: 7503 }, "unknown"],
  ] as const)("classes %j, which no table lists, by its hundred: %s", (result, outcome) => {
    expect(outcomeOf(result, false)).toBe(outcome);
  });

  it("has one of eight words for every pair", () => {
    for (let code = -1; code < 1000; code++) {
      for (const subcode of [undefined, 0, 10004, 560480]) {
        const outcome = outcomeOf({ code, ...(subcode === undefined ? {} : { subcode }) }, false);
        if (!OUTCOMES.includes(outcome)) expect.fail(`${code}/${subcode} is ${outcome}`);
      }
    }
    expect(OUTCOMES).toHaveLength(8);
  });
});
