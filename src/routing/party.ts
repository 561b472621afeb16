import { normaliseNumber, type Region } from "./phone-number.ts";

/** The kinds of identity that Graph's identitySet and communicationsIdentitySet may hold. */
export const IDENTITY_KINDS = [
  "user",
  "phone",
  "application",
  "applicationInstance",
  "guest",
  "encrypted",
  "azureCommunicationServicesUser",
  "onPremises",
  "assertedIdentity",
  "device",
] as const;

export type IdentityKind = (typeof IDENTITY_KINDS)[number];

/**
 * Somebody or something that takes part in a call. `anonymous` is ours: a caller that withholds who it is, or of whom
 * Graph says nothing.
 *
 * `id` is normalised: GUIDs in lower case without braces, numbers in E.164; what is neither stays as it came.
 */
export interface Party {
  readonly kind: IdentityKind | "anonymous";
  readonly id: string;
  readonly tenantId?: string;
  readonly displayName?: string;
}

export const ANONYMOUS: Party = { kind: "anonymous", id: "" };

/**
 * How networks write a number that the caller withholds: words (SIP's display forms, also before an `@`, and with
 * "caller", "number" or "id" beside them), and the digits that spell ANONYMOUS, UNAVAILABLE, UNKNOWN and BLOCKED on a
 * keypad, which some exchanges send instead. Only zeros is a placeholder as well. The reason codes P (private) and O (out
 * of area) come from North American caller id.
 */
const WITHHELD_WORDS = new Set(
  "anonymous restricted unavailable unknown private withheld blocked hidden no notavailable na null none undefined p o".split(
    " ",
  ),
);
const WITHHELD_DIGITS = new Set(["266696687", "86282452253", "8656696", "2562533"]);
/** RESTRICTED. Only with its plus, where no such number exists: without, it could be one in Texas. */
const WITHHELD_WITH_PLUS = "+7378742833";
/** RFC 3261 and RFC 3323: whatever stands before it means nobody. */
const NOBODYS_HOST = /@anonymous\.invalid\b/;

/** Whether the id of a phone identity says that the caller's number is withheld rather than what it is. */
export function isWithheld(id: string): boolean {
  const address = id
    .normalize("NFKC")
    .toLowerCase()
    .replace(/^[^<]*<([^>]*)>.*$/s, "$1")
    .trim()
    .replace(/^(sips?|tel|4):/, "");
  if (NOBODYS_HOST.test(address)) return true;
  const user = address.replace(/[@;].*$/s, "");
  if (user === WITHHELD_WITH_PLUS) return true;
  const bare = user
    .replace(/[^\p{L}\p{N}]/gu, "")
    .replace(/^(caller|number|id)+/, "")
    .replace(/(caller|number|id)+$/, "");
  if (bare === "" || WITHHELD_WORDS.has(bare) || WITHHELD_DIGITS.has(bare)) return true;
  return /^(0+|10{10})$/.test(bare);
}

const GUID = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?$/;

/** A GUID in the one spelling that we compare (lower case, no braces), or undefined if the text is none. */
export function normaliseGuid(text: string): string | undefined {
  return GUID.exec(text.trim().toLowerCase())?.[1];
}

/**
 * A party from the kind and id that Graph gives.
 *
 * A number without `+`, as some carriers send it, is read in `region`; an extension stays as it is. An asserted identity
 * (what the caller's side claims to be) is a number or a user, whichever its id looks like.
 */
export function partyOf(kind: IdentityKind, id: string, region?: Region): Party {
  switch (kind) {
    case "phone":
      return isWithheld(id) ? ANONYMOUS : { kind, id: normaliseNumber(id, region) ?? id.trim() };
    case "assertedIdentity": {
      const guid = normaliseGuid(id);
      if (guid !== undefined) return { kind: "user", id: guid };
      return partyOf("phone", id, region);
    }
    default:
      return { kind, id: normaliseGuid(id) ?? id.trim() };
  }
}
