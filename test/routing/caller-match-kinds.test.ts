import { describe, expect, it } from "vitest";
import { ANONYMOUS, IDENTITY_KINDS, type Party, partyOf } from "../../src/routing/party.ts";
import { callerVerdict, OTHER_TENANT, OWN_TENANT, type TypedCall } from "../support/decisions.ts";

const ALICE = "6d17c2f5-eac8-588b-835e-843f1323bef3";

function takes(column: string, caller: string | Party, more: Omit<TypedCall, "caller"> = {}): boolean {
  return callerVerdict(column, { ...more, caller }).matches;
}

const user = (id: string, tenantId?: string): Party => ({
  ...partyOf("user", id),
  ...(tenantId === undefined ? {} : { tenantId }),
});

describe("lists", () => {
  it("takes who is on the list, in whatever letter case its name is typed", () => {
    expect(callerVerdict("list:VIP", { caller: "+14255550142" }, ["vip"]).matches).toBe(true);
    expect(callerVerdict("List: vip", { caller: user(ALICE) }, ["vip", "board"]).matches).toBe(true);
    expect(callerVerdict("list:vip", { caller: "+14255550142" }, ["vips"]).matches).toBe(false);
  });

  it("excludes who is on a list", () => {
    expect(callerVerdict("*, !list:blocked", { caller: "+14255550142" }, ["blocked"]).matches).toBe(false);
    expect(callerVerdict("*, !list:blocked", { caller: "+14255550142" }, []).matches).toBe(true);
  });
});

describe("country", () => {
  it("tells Canada from the United States, which share +1, by the number's area", () => {
    expect(takes("country:CA", "+16042345678")).toBe(true);
    expect(takes("country:US", "+16042345678")).toBe(false);
    expect(takes("country:us", "+12124567890")).toBe(true);
    expect(takes("country:CA", "+12124567890")).toBe(false);
  });

  it("goes by the number before Graph's countryCode", () => {
    expect(takes("country:CA", "+16042345678", { countryCode: "US" })).toBe(true);
    expect(takes("country:US", "+16042345678", { countryCode: "US" })).toBe(false);
  });

  it("goes by Graph's countryCode when there is no number, in any letter case", () => {
    expect(takes("country:DE", user(ALICE), { countryCode: "de" })).toBe(true);
    expect(takes("country:DE", ANONYMOUS, { countryCode: "DE" })).toBe(true);
    expect(takes("country:DE", user(ALICE))).toBe(false);
  });
});

describe("country of an extension", () => {
  it.each(["1064", "1491", "2100", "2442", "7", "sip:desk@contoso.com"])(
    "%s is the one that Graph names",
    (extension) => {
      expect(takes("country:DE", extension, { countryCode: "DE" })).toBe(true);
      expect(takes("country:US", extension, { countryCode: "US" })).toBe(true);
      expect(takes("country:US", extension, { countryCode: "DE" })).toBe(false);
      expect(takes("country:US", extension)).toBe(false);
    },
  );
});

describe("tenant", () => {
  it("takes callers of that tenant only", () => {
    expect(takes(`tenant:${OTHER_TENANT.toUpperCase()}`, user(ALICE, OTHER_TENANT))).toBe(true);
    expect(takes(`tenant:${OTHER_TENANT}`, user(ALICE, OWN_TENANT))).toBe(false);
    expect(takes(`tenant:${OTHER_TENANT}`, user(ALICE))).toBe(false);
    expect(takes(`tenant:${OTHER_TENANT}`, "+14255550142")).toBe(false);
  });
});

describe("classes", () => {
  const classesOf = (caller: Party) =>
    ["phone", "teams", "internal", "external", "anonymous"].filter((name) => takes(name, caller)).join(" ");

  it.each([
    ["a number", partyOf("phone", "+14255550142"), "phone external"],
    ["an extension", partyOf("phone", "1064"), "phone external"],
    ["a withheld number", partyOf("phone", "anonymous"), "external anonymous"],
    ["nobody that Graph names", ANONYMOUS, "external anonymous"],
    ["a user of the bot's tenant", user(ALICE, OWN_TENANT), "teams internal"],
    ["a user without a tenant beside it", user(ALICE), "teams internal"],
    ["a user of another tenant", user(ALICE, OTHER_TENANT), "teams external"],
    ["a bot", partyOf("application", ALICE), "teams internal"],
    ["a resource account", partyOf("applicationInstance", ALICE), "teams internal"],
    [
      "a resource account elsewhere",
      { ...partyOf("applicationInstance", ALICE), tenantId: OTHER_TENANT },
      "teams external",
    ],
    ["a guest", partyOf("guest", ALICE), "teams external anonymous"],
    ["someone whom the bot may not see", partyOf("encrypted", "1pGBDsVtGz0uYXyQ"), "external anonymous"],
    ["an ACS user", partyOf("azureCommunicationServicesUser", "8:acs:1_2"), "external"],
    ["a Skype for Business user", partyOf("onPremises", ALICE), "teams internal"],
    ["a device", partyOf("device", "1"), "external anonymous"],
    ["an asserted number", partyOf("assertedIdentity", "+14255550142"), "phone external"],
    ["an asserted user", partyOf("assertedIdentity", ALICE), "teams internal"],
  ])("%s", (_what, caller, classes) => {
    expect(classesOf(caller)).toBe(classes);
  });

  it("has everybody either internal or external", () => {
    for (const kind of IDENTITY_KINDS) {
      const caller = partyOf(kind, kind === "phone" ? "+14255550142" : ALICE);
      expect(takes("internal", caller)).toBe(!takes("external", caller));
    }
  });

  it("reads class names in any letter case", () => {
    expect(takes("Anonymous", ANONYMOUS)).toBe(true);
    expect(takes("PHONE", "+14255550142")).toBe(true);
  });
});

describe("specificity", () => {
  const call: TypedCall = {
    caller: { ...partyOf("phone", "+14255550142"), tenantId: OTHER_TENANT },
    countryCode: "US",
  };
  const rankOf = (column: string) => {
    const answer = callerVerdict(column, call, ["vip"]);
    return answer.matches ? answer.rank : Number.NaN;
  };

  it("orders one party, longest prefix, list, class, anyone", () => {
    const downwards = ["+14255550142", "+14255550142*", "+1425*", "+1*", "list:vip", "phone", "*"].map(rankOf);
    expect(downwards).toEqual([...new Set(downwards)].sort((one, other) => other - one));
  });

  it("counts a country and a tenant as classes", () => {
    const classes = ["phone", "external", "country:US", `tenant:${OTHER_TENANT}`].map(rankOf);
    expect(new Set(classes).size).toBe(1);
  });

  it("counts the closest of the entries that take the caller, and not the others", () => {
    expect(rankOf("*, +1425*, phone")).toBe(rankOf("+1425*"));
    expect(rankOf("+12065550142, list:board, phone")).toBe(rankOf("phone"));
  });
});
