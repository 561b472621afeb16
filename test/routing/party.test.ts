import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ANONYMOUS,
  IDENTITY_KINDS,
  type IdentityKind,
  isWithheld,
  normaliseGuid,
  partyOf,
} from "../../src/routing/party.ts";
import { validNumber } from "./numbers.ts";

const ALICE = "6d17c2f5-eac8-588b-835e-843f1323bef3";

describe("isWithheld", () => {
  it.each([
    "anonymous",
    "Anonymous",
    "RESTRICTED",
    "unavailable",
    "Unknown",
    "private",
    "withheld",
    "blocked",
    "P",
    "O",
  ])("knows the word %s", (word) => {
    expect(isWithheld(word)).toBe(true);
  });

  it.each([
    "Private Number",
    "Unknown caller",
    "Anonymous Caller",
    "No Caller ID",
    "NO NUMBER",
    "Number withheld",
    "Caller ID blocked",
    "not available",
    "N/A",
  ])("knows %s, as displays write it", (words) => {
    expect(isWithheld(words)).toBe(true);
  });

  it.each([
    "sip:anonymous@anonymous.invalid",
    "sips:Anonymous@Anonymous.Invalid;user=phone",
    "anonymous@anonymous.invalid",
    "sip:thisis@anonymous.invalid",
    '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=hyh8',
    "sip:restricted@10.0.0.1",
    "sip:unavailable@unknown.invalid",
    "sip:@contoso.com",
    "tel:anonymous",
    "4:anonymous",
    "+anonymous",
  ])("knows the address %s", (address) => {
    expect(isWithheld(address)).toBe(true);
  });

  it.each(["", " ", "\u00a0", "+", "-", "?", "null", "(null)", "undefined", "none", "<null>"])(
    "knows the placeholder %j",
    (placeholder) => {
      expect(isWithheld(placeholder)).toBe(true);
    },
  );

  it.each(["0", "000", "0000000000", "+0000000000", "000-000-0000", "+10000000000", "10000000000", "00000000000000"])(
    "knows that nobody calls from %s",
    (zeros) => {
      expect(isWithheld(zeros)).toBe(true);
    },
  );

  it.each([
    ["ANONYMOUS", "+266696687"],
    ["ANONYMOUS", "266696687"],
    ["UNAVAILABLE", "+86282452253"],
    ["UNKNOWN", "+8656696"],
    ["BLOCKED", "+2562533"],
    ["RESTRICTED", "+7378742833"],
  ])("knows %s spelled on a keypad: %s", (_word, digits) => {
    expect(isWithheld(digits)).toBe(true);
  });

  it("does not take a number in Texas for RESTRICTED", () => {
    expect(isWithheld("7378742833")).toBe(false);
    expect(isWithheld("+17378742833")).toBe(false);
  });

  it("takes no number of any numbering plan for withheld", () => {
    fc.assert(
      fc.property(validNumber, (number) => {
        expect(isWithheld(number.number)).toBe(false);
        expect(isWithheld(number.formatInternational())).toBe(false);
        expect(isWithheld(number.getURI())).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it("takes no extension for withheld, not even 100 and 1000", () => {
    for (let extension = 1; extension <= 99_999; extension++) {
      if (isWithheld(String(extension))) expect.fail(`extension ${extension} is somebody`);
    }
  });

  it("takes nobody for withheld whose name only begins like it", () => {
    for (const id of [
      "sip:privatebank@contoso.com",
      "sip:anna@contoso.com",
      "unknownsoldier",
      "sip:noel@contoso.com",
    ]) {
      expect(isWithheld(id)).toBe(false);
    }
  });

  it("never throws", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => typeof isWithheld(text) === "boolean"));
  });
});

describe("normaliseGuid", () => {
  it.each([ALICE, ALICE.toUpperCase(), `{${ALICE}}`, ` ${ALICE} `, `{${ALICE.toUpperCase()}}\n`])(
    "writes %j in one spelling",
    (text) => {
      expect(normaliseGuid(text)).toBe(ALICE);
    },
  );

  it.each(["", "6d17c2f5", `${ALICE}0`, `8:orgid:${ALICE}`, `${ALICE} ${ALICE}`, ALICE.replace("f5", "g5")])(
    "finds no GUID in %j",
    (text) => {
      expect(normaliseGuid(text)).toBeUndefined();
    },
  );
});

describe("partyOf", () => {
  it("writes a user's id in one spelling", () => {
    expect(partyOf("user", `{${ALICE.toUpperCase()}}`)).toEqual({ kind: "user", id: ALICE });
  });

  it.each([
    ["+14255550142", "+14255550142"],
    ["14255550142", "+14255550142"],
    ["(425) 555-0142", "+14255550142"],
    ["tel:+14255550142", "+14255550142"],
    ["4:+14255550142", "+14255550142"],
  ])("reads the number %s as %s", (id, e164) => {
    expect(partyOf("phone", id, "US")).toEqual({ kind: "phone", id: e164 });
  });

  it.each(["1064", "1000", "+14255550142;ext=7", "sip:front.desk@contoso.com"])(
    "keeps the caller %s as it came",
    (id) => {
      expect(partyOf("phone", id, "US")).toEqual({ kind: "phone", id });
    },
  );

  it("makes a withheld number nobody's", () => {
    expect(partyOf("phone", "sip:anonymous@anonymous.invalid", "US")).toBe(ANONYMOUS);
    expect(partyOf("phone", "", "US")).toBe(ANONYMOUS);
  });

  it("takes an asserted identity for the number or the user that it names", () => {
    expect(partyOf("assertedIdentity", "(425) 555-0142", "US")).toEqual({ kind: "phone", id: "+14255550142" });
    expect(partyOf("assertedIdentity", ALICE.toUpperCase(), "US")).toEqual({ kind: "user", id: ALICE });
    expect(partyOf("assertedIdentity", "anonymous", "US")).toBe(ANONYMOUS);
  });

  it("keeps opaque ids as they came, letter case included", () => {
    const encrypted = "1pGBDsVtGz0uYXyQ4GvCtg2ZcXk9vNqv2Rk3mFQnTUA1";
    expect(partyOf("encrypted", encrypted)).toEqual({ kind: "encrypted", id: encrypted });
    const acs = "8:acs:6D17c2f5-eac8-588b-835e-843f1323bef3_0000000b";
    expect(partyOf("azureCommunicationServicesUser", acs)).toEqual({ kind: "azureCommunicationServicesUser", id: acs });
  });

  it("never throws, and gives an anonymous party no id", () => {
    fc.assert(
      fc.property(fc.constantFrom(...IDENTITY_KINDS), fc.string({ unit: "binary" }), (kind, id) => {
        const party = partyOf(kind, id, "US");
        expect(party.kind).not.toBe("assertedIdentity");
        if (party.kind === "anonymous") expect(party.id).toBe("");
      }),
    );
  });

  it("gives the same party when its id is read again", () => {
    const kinds = IDENTITY_KINDS.filter((kind) => kind !== "assertedIdentity");
    const id = fc.oneof(fc.uuid(), validNumber.map(String), fc.string());
    fc.assert(
      fc.property(fc.constantFrom(...kinds), id, (kind: IdentityKind, text) => {
        const party = partyOf(kind, text, "US");
        if (party.kind !== "anonymous") expect(partyOf(party.kind, party.id, "US")).toEqual(party);
      }),
    );
  });
});
