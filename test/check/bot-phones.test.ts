import { describe, expect, it } from "vitest";
import { ALICE, LINE, MOBILE, QUEUE } from "../support/decisions.ts";
import { inShort, mistakesIn } from "./books.ts";

const OTHER = QUEUE.replace("resource:", "");
const phones = { targets: `${ALICE}, ${MOBILE}` };
const lines = { [LINE]: { name: "test bot", group: "desk", site: "Denver", fallback: MOBILE }, [OTHER]: {} };
const users = { default: { a: { targets: ALICE } }, desk: { a: { targets: ALICE } } };

function refused(rows: Parameters<typeof mistakesIn>[0], botAppId = LINE) {
  return mistakesIn(rows, { botAppId }).filter(({ kind }) => kind === "phone-from-bot");
}

describe("findMistakes, of phones that the bot itself would ring", () => {
  it("warns of the bot's own rules, its group's, overrides that reach it and its fallback", () => {
    const routes = {
      ...users,
      desk: { b: { targets: ALICE, fallback: MOBILE } },
      [LINE]: { c: phones },
      override: { "site:denver": phones, all: phones, [OTHER]: phones },
    };
    expect(inShort(refused({ lines, routes })).sort()).toEqual([
      `warning phone-from-bot Lines line/${LINE}, column fallback`,
      `warning phone-from-bot Routes ${LINE}/c, column targets`,
      "warning phone-from-bot Routes desk/b, column fallback",
      "warning phone-from-bot Routes override/all, column targets",
      "warning phone-from-bot Routes override/site:denver, column targets",
    ]);
  });

  it("says that it takes a resource account with a number, and names the phone", () => {
    const [finding] = refused({ lines: {}, routes: { [LINE]: { c: phones } } });
    expect(finding?.found).toBe(MOBILE);
    expect(finding?.says).toContain("A redirect to a phone needs a resource account with a number");
  });

  it("says nothing of other lines, of default, and of an override for all where nobody calls the bot", () => {
    const routes = { default: { a: phones }, override: { all: phones }, [OTHER]: { c: phones } };
    expect(refused({ lines: { [OTHER]: {} }, routes })).toEqual([]);
    expect(refused({ lines, routes: { ...users, [LINE]: { c: phones } } }, OTHER)).toEqual([]);
  });
});
