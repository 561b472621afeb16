import { describe, expect, it } from "vitest";
import { explain } from "../../src/routing/explain.ts";
import { ALICE, BOB, CAROL, type Cells, decideCall, LINE, OTHER_TENANT, type TypedCall } from "../support/decisions.ts";

/** What happens to a caller whom one rule of `all` may take; everybody else reaches Alice. */
function does(blocked: Cells, call: TypedCall): string {
  const routes = { all: { blocked: { action: "reject", ...blocked } }, default: { day: { targets: ALICE } } };
  const { does: done, faults } = decideCall({ routes }, call);
  expect(faults).toEqual([]);
  return done;
}

describe("a blocked number stays blocked, however it is spelled", () => {
  it.each(["+18002345678", "18002345678", "8002345678", "(800) 234-5678"])("as %s", (caller) => {
    expect(does({ caller: "(800) 234-5678" }, { caller })).toBe("reject busy");
  });

  it("with a list as well as with a rule", () => {
    const routes = {
      all: { blocked: { action: "reject", caller: "list:Blocked" } },
      default: { day: { targets: ALICE } },
    };
    const callerLists = { "+18002345678": { blocked: { until: "2026-06-03T12:00-04:00", note: "sales calls" } } };
    const blocked = (at: string) => decideCall({ routes, callerLists }, { caller: "8002345678", at }).does;
    expect(blocked("2026-06-03T11:59:59-04:00")).toBe("reject busy");
    expect(blocked("2026-06-03T12:00:00-04:00")).toBe(`redirect ${ALICE}`);
  });

  it("by a range, and only within it", () => {
    expect(does({ caller: "+33948*" }, { caller: "+33948123456" })).toBe("reject busy");
    expect(does({ caller: "+33948*" }, { caller: "+33949123456" })).toBe(`redirect ${ALICE}`);
  });
});

describe("a caller who withholds the number is a caller too", () => {
  it.each(["anonymous", "", "+266696687", "sip:anonymous@anonymous.invalid"])(
    "sent as %j, can be told apart",
    (caller) => {
      expect(does({ caller: "anonymous" }, { caller })).toBe("reject busy");
    },
  );

  it("goes the normal way where no rule says otherwise", () => {
    expect(does({ caller: "+18002345678" }, { caller: "anonymous" })).toBe(`redirect ${ALICE}`);
  });

  it("does not include those who show theirs", () => {
    expect(does({ caller: "anonymous" }, { caller: "+18002345678" })).toBe(`redirect ${ALICE}`);
    expect(does({ caller: "anonymous" }, { caller: "1000" })).toBe(`redirect ${ALICE}`);
  });
});

describe("a number that arrives without its plus is the same number", () => {
  it("as a caller", () => {
    expect(does({ caller: "+33123456789" }, { caller: "33123456789" })).toBe("reject busy");
  });

  it("as the called line, which must not ring itself", () => {
    const rows = {
      lines: { [LINE]: { number: "33123456789" } },
      routes: { default: { day: { targets: `phone:+33123456789, ${BOB}` } } },
    };
    expect(decideCall(rows).does).toBe(`redirect ${BOB}`);
  });

  it("while an extension stays one", () => {
    expect(does({ caller: "1064" }, { caller: "1064" })).toBe("reject busy");
    expect(does({ caller: "+1*" }, { caller: "1064" })).toBe(`redirect ${ALICE}`);
  });
});

describe("national, trunk-zero and 00 spellings name one number", () => {
  it.each([
    ["IT", "0809995106", "+390809995106"],
    ["DE", "030123456", "+4930123456"],
    ["IN", "00919262175513", "+919262175513"],
    ["US", "011919262175513", "+919262175513"],
  ] as const)("in %s %s is %s", (region, typed, e164) => {
    expect(does({ caller: typed }, { caller: e164, region })).toBe("reject busy");
    expect(does({ caller: e164 }, { caller: typed, region })).toBe("reject busy");
  });
});

describe("a plus is a plus, not a pattern sign", () => {
  it("in a prefix", () => {
    expect(does({ caller: "+1301*" }, { caller: "+13013229000" })).toBe("reject busy");
    expect(does({ caller: "+1301*" }, { caller: "+12013229000" })).toBe(`redirect ${ALICE}`);
  });

  it.each(["+1(301", "[+-X]", "+130[12]*"])("and %s is refused when it is read, never when a call comes", (caller) => {
    const routes = { default: { broken: { caller, targets: BOB }, day: { targets: ALICE } } };
    const { does: done, faults } = decideCall({ routes });
    expect(done).toBe(`redirect ${ALICE}`);
    expect(faults).toEqual([expect.stringContaining("Routes default/broken, column caller")]);
  });
});

describe("which rule wins is one written order", () => {
  const rules: Record<string, Cells> = {
    exact: { caller: "+34676000000", targets: ALICE },
    mobile: { caller: "+346*", targets: BOB },
    spain: { caller: "+34*", targets: CAROL },
  };

  it.each([
    ["+34676000000", ALICE],
    ["+34676000001", BOB],
    ["+34911111111", CAROL],
  ])("exact before the longest prefix: %s", (caller, target) => {
    expect(decideCall({ routes: { default: rules } }, { caller }).does).toBe(`redirect ${target}`);
  });

  it.each(["+34676000000", "+34676000001", "+34911111111"])("a lower priority before either: %s", (caller) => {
    const routes = { default: { ...rules, spain: { ...rules.spain, priority: 1 } } };
    const { decision, does: done } = decideCall({ routes }, { caller });
    expect(done).toBe(`redirect ${CAROL}`);
    expect(explain(decision).at(-1)).toContain("default/spain decides");
  });
});

describe("block list and guest list together", () => {
  const routes = {
    default: {
      blocked: { caller: "+44*", action: "reject" },
      vip: { caller: "+442079460961", targets: BOB },
      day: { targets: ALICE },
    },
  };

  it.each([
    ["+442079460961", `redirect ${BOB}`],
    ["+442079460962", "reject busy"],
    ["+14255550142", `redirect ${ALICE}`],
  ])("%s: %s", (caller, done) => {
    expect(decideCall({ routes }, { caller }).does).toBe(done);
  });
});

describe("a catch-all can keep out those who are not ours", () => {
  const stranger = { kind: "user", id: "6d17c2f5-eac8-588b-835e-843f1323bef3", tenantId: OTHER_TENANT } as const;

  it("by tenant", () => {
    const rejects = { caller: "external, !phone", reason: "forbidden" };
    expect(does(rejects, { caller: stranger })).toBe("reject forbidden");
    expect(does(rejects, { caller: "+14255550142" })).toBe(`redirect ${ALICE}`);
  });
});
