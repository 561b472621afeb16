import { describe, expect, it } from "vitest";
import type { LineView } from "../../../src/console/api/looking.ts";
import { searchLines } from "../../../src/console/page/shared/search-lines.ts";

const now = { id: "r", kind: "redirect", who: "Front desk", by: "default/front-desk" } as const;
const line = (given: Partial<LineView> & Pick<LineView, "id">): LineView => ({
  label: given.id,
  timeZone: "Etc/UTC",
  now,
  problems: 0,
  ...given,
});
const LINES = [
  line({ id: "3d9f1c52-7c1e-4f0b-9a53-5c0f6b0a7e11", name: "Support", number: "+14255550199", site: "Redmond" }),
  line({ id: "5d9f1c52-7c1e-4f0b-9a53-000000000001", name: "Berlin sales", number: "+4930123456", group: "sales" }),
  line({ id: "24701998-1a73-4d42-8085-bf46ed0ae039", name: "test bot" }),
];

describe("searchLines", () => {
  it.each([
    ["a part of the name in any letter case", "SUPP", ["Support"]],
    ["two words in any order", "sales berlin", ["Berlin sales"]],
    ["a site", "redmond", ["Support"]],
    ["the beginning of an id", "24701998-1a", ["test bot"]],
    ["a number with its plus", "+1 425 555 0199", ["Support"]],
    ["a national number with brackets", "(425) 555-0199", ["Support"]],
    ["a national number with its trunk zero", "030 123", ["Berlin sales"]],
    ["a number dialled from abroad", "0049 30 123456", ["Berlin sales"]],
    ["nothing that there is", "Oslo", []],
    ["nothing at all", " ", ["Support", "Berlin sales", "test bot"]],
  ])("finds by %s", (_, typed, names) => {
    expect(searchLines(LINES, typed).map(({ name }) => name)).toEqual(names);
  });

  const named = (id: string, name: string, given: Partial<LineView> = {}) => line({ id, name, ...given });
  const MANY = [
    named("c0", "Nights", { site: "Oslo" }),
    named("c1", "New Oslo desk"),
    named("oslo-2", "Bot"),
    named("c3", "Oslo sales"),
    named("c4", "oslo"),
    named("c5", "Days", { group: "oslo" }),
    named("c6", "Oslo desk"),
  ];

  it("puts the line that is called so first, then names that begin so, ids, other names, and sites and groups", () => {
    expect(searchLines(MANY, "Oslo").map(({ name }) => name)).toEqual([
      "oslo",
      "Oslo sales",
      "Oslo desk",
      "Bot",
      "New Oslo desk",
      "Nights",
      "Days",
    ]);
  });

  it("puts a whole number before a longer one, and a name that begins with the digits before both parts", () => {
    const numbers = [
      named("d0", "Long", { number: "+142555501991" }),
      named("d1", "Short", { number: "+14255550199" }),
      named("d2", "1 425 555 0199 old"),
    ];
    expect(searchLines(numbers, "+1 425 555 0199").map(({ name }) => name)).toEqual(["Short", "Long"]);
    expect(searchLines(numbers, "1 425 555 0199").map(({ name }) => name)).toEqual([
      "Short",
      "1 425 555 0199 old",
      "Long",
    ]);
  });
});
