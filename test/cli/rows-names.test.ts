import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Names } from "../../src/cli/names.ts";
import { isWrong } from "../../src/errors.ts";
import { parseCallerMatch } from "../../src/routing/caller-match.ts";
import { formatInternational, normaliseNumber } from "../../src/routing/phone-number.ts";
import { readBook } from "../../src/store/book.ts";
import { aRoute, aRow, IDS } from "../support/rows.ts";

const TWIN = "22222222-0000-4000-8000-000000000002";
const OTHER_TWIN = "33333333-0000-4000-8000-000000000003";

const names = new Names(
  readBook(
    {
      Lines: [
        aRow({ partitionKey: "line", rowKey: IDS.line, name: "Support", number: "+13035550100" }),
        aRow({ partitionKey: "line", rowKey: TWIN, name: "Lobby", number: "+13035550101" }),
        aRow({ partitionKey: "line", rowKey: OTHER_TWIN, name: "lobby" }),
      ],
      Routes: [aRoute({ targets: `user:${IDS.adele} "Adele" x3, user:${IDS.ben}` })],
      Schedules: [],
    },
    undefined,
    undefined,
  ),
);

describe("Names", () => {
  it("calls a line by its name, by its number where two share the name, else by its id", () => {
    expect(names.line(IDS.line)).toBe("Support");
    expect(names.line("+13035550100")).toBe("Support");
    expect(names.line(TWIN)).toBe("+1 303 555 0101");
    expect(names.line(OTHER_TWIN)).toBe(OTHER_TWIN);
  });

  it.each([
    [{ kind: "user", id: IDS.ben, displayName: "Ben", weight: 1 }, "Ben"],
    [{ kind: "user", id: IDS.adele, weight: 2 }, "Adele x2"],
    [{ kind: "applicationInstance", id: IDS.line, weight: 1 }, "Support"],
    [{ kind: "phone", id: "+13035550100", weight: 0 }, "Support x0"],
    [{ kind: "phone", id: "+13035550199", weight: 1 }, "+1 303 555 0199"],
    [{ kind: "user", id: IDS.queue, weight: 1 }, `user:${IDS.queue}`],
  ] as const)("calls the target %j %s", (target, expected) => {
    expect(names.target(target)).toBe(expected);
  });

  it.each([
    ["*", "anyone"],
    ["", "anyone"],
    ["+13035550142, +1425*, !list:blocked", "+1 303 555 0142, +1425*, !list:blocked"],
    [IDS.adele, "Adele"],
    ["1064", "1064"],
  ])("calls the callers %j %s", (text, expected) => {
    const match = parseCallerMatch(text);
    if (isWrong(match)) throw new Error(match.wrong);
    expect(names.callers(match)).toBe(expected);
  });
});

describe("formatInternational", () => {
  it.each([
    ["+14255550100", "+1 425 555 0100"],
    ["+442079460961", "+44 20 7946 0961"],
    ["1064", "1064"],
    ["+*******0142", "+*******0142"],
    ["", ""],
  ])("writes %j as %s", (number, expected) => {
    expect(formatInternational(number)).toBe(expected);
  });

  it("is read back as the same number", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\+(1[2-9]\d{9}|44\d{10}|49\d{7,11}|390\d{8,10})$/), (typed) => {
        const number = normaliseNumber(typed);
        fc.pre(number !== undefined);
        expect(normaliseNumber(formatInternational(number ?? ""))).toBe(number);
      }),
    );
  });
});
