import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatCaller, parseCaller } from "../../src/cli/caller.ts";
import { isWrong } from "../../src/errors.ts";
import { IDS } from "../support/rows.ts";

describe("parseCaller", () => {
  it.each([
    ["+14255550100", { kind: "phone", id: "+14255550100" }],
    ["(425) 555-0100", { kind: "phone", id: "+14255550100" }],
    ["1064", { kind: "phone", id: "1064" }],
    [IDS.adele.toUpperCase(), { kind: "user", id: IDS.adele }],
    [`user:${IDS.adele}@${IDS.tenant}`, { kind: "user", id: IDS.adele, tenantId: IDS.tenant }],
    [`app:${IDS.queue}`, { kind: "application", id: IDS.queue }],
    [`resource:${IDS.queue}`, { kind: "applicationInstance", id: IDS.queue }],
    ["anonymous", { kind: "anonymous", id: "" }],
    ["withheld", { kind: "anonymous", id: "" }],
  ])("reads %s", (text, party) => {
    expect(parseCaller(text, "US")).toEqual(party);
  });

  it.each(["", "Adele", "user:Adele", `${IDS.adele}@contoso`, `user:${IDS.adele}, user:${IDS.ben}`])(
    "says what would be right instead of %j",
    (text) => {
      expect(isWrong(parseCaller(text, "US"))).toBe(true);
    },
  );

  it("reads back what formatCaller writes", () => {
    const party = fc.oneof(
      fc.constant({ kind: "anonymous" as const, id: "" }),
      fc.constantFrom("+14255550100", "1064").map((id) => ({ kind: "phone" as const, id })),
      fc.record(
        {
          kind: fc.constantFrom("user" as const, "application" as const, "applicationInstance" as const),
          id: fc.uuid(),
          tenantId: fc.uuid(),
        },
        { requiredKeys: ["kind", "id"] },
      ),
    );
    fc.assert(
      fc.property(party, (each) => {
        expect(parseCaller(formatCaller(each), "US")).toEqual(each);
      }),
    );
  });
});
