import type { Wrong } from "../errors.ts";
import { normaliseGuid, type Party } from "./party.ts";
import { countryOf, type E164, isRegion, mayBeIn, normaliseNumber, type Region } from "./phone-number.ts";
import type { CallFacts } from "./rule.ts";

/** Classes of caller that a rule may name. What each kind of identity belongs to stands in `isOfClass`. */
export const CALLER_CLASSES = ["phone", "teams", "internal", "external", "anonymous"] as const;
export type CallerClass = (typeof CALLER_CLASSES)[number];

/** One entry of the caller column. */
export type CallerTerm =
  | { readonly kind: "anyone" }
  | { readonly kind: "party"; readonly id: string }
  | { readonly kind: "prefix"; readonly digits: string }
  | { readonly kind: "list"; readonly name: string }
  | { readonly kind: "tenant"; readonly id: string }
  | { readonly kind: "country"; readonly region: string }
  | { readonly kind: "class"; readonly name: CallerClass };

/** The caller column of a rule: any of `include`, unless one of `exclude`. */
export interface CallerMatch {
  readonly include: readonly CallerTerm[];
  readonly exclude: readonly CallerTerm[];
}

export const ANYONE: CallerMatch = { include: [{ kind: "anyone" }], exclude: [] };

/** What is known of a caller beside the call itself. */
export interface CallerContext {
  /** The bot's own tenant, against which `internal` and `external` are judged. */
  readonly ownTenantId: string;
  /** Names of the lists that the caller is on, in lower case. */
  readonly lists: ReadonlySet<string>;
}

export type CallerVerdict =
  | { readonly matches: true; readonly rank: number }
  | { readonly matches: false; readonly excludedBy?: CallerTerm };

/**
 * Whether a rule's caller column takes the caller, and how specifically: at equal priority the higher rank decides.
 * One party outranks a prefix, a longer prefix a shorter one, then lists, then classes, then anyone.
 */
export function matchCaller(match: CallerMatch, call: CallFacts, context: CallerContext): CallerVerdict {
  for (const term of match.exclude) {
    if (takes(term, call, context)) return { matches: false, excludedBy: term };
  }
  let rank = -1;
  for (const term of match.include) {
    if (takes(term, call, context)) rank = Math.max(rank, rankOf(term));
  }
  return rank < 0 ? { matches: false } : { matches: true, rank };
}

/** How specific an entry is. */
export function rankOf(term: CallerTerm): number {
  switch (term.kind) {
    case "party":
      return 100;
    case "prefix":
      return 10 + term.digits.length;
    case "list":
      return 2;
    case "anyone":
      return 0;
    default:
      return 1;
  }
}

function takes(term: CallerTerm, call: CallFacts, context: CallerContext): boolean {
  const { caller } = call;
  switch (term.kind) {
    case "anyone":
      return true;
    case "party":
      return caller.kind !== "anonymous" && caller.id === term.id;
    case "prefix":
      return caller.kind === "phone" && caller.id.startsWith(term.digits);
    case "list":
      return context.lists.has(term.name);
    case "tenant":
      return caller.tenantId === term.id;
    case "country":
      return (caller.kind !== "phone" || mayBeIn(caller.id, term.region)) && countryOfCaller(call) === term.region;
    case "class":
      return isOfClass(term.name, caller, context.ownTenantId);
  }
}

/** Looking a number's country up takes longer than all else in a rule, and many rules may ask it of one call. */
const countries = new WeakMap<CallFacts, string | undefined>();

/** The number's country, else the one that Graph names. */
function countryOfCaller(call: CallFacts): string | undefined {
  if (countries.has(call)) return countries.get(call);
  const { kind, id } = call.caller;
  const byNumber = kind === "phone" && id.startsWith("+") ? countryOf(id as E164) : undefined;
  const country = byNumber ?? call.callerCountry?.toUpperCase();
  countries.set(call, country);
  return country;
}

/**
 * `anonymous` is everyone of whom no number and no account is known: withheld numbers, missing and encrypted identities,
 * guests of a meeting. An account without a tenant beside it is taken for one of the bot's own tenant, where Graph leaves
 * the tenant out; whoever is not internal is external.
 */
function isOfClass(name: CallerClass, caller: Party, ownTenantId: string): boolean {
  switch (name) {
    case "phone":
      return caller.kind === "phone";
    case "teams":
      return ["user", "application", "applicationInstance", "onPremises", "guest"].includes(caller.kind);
    case "anonymous":
      return ["anonymous", "encrypted", "guest", "device"].includes(caller.kind);
    case "internal":
      return isInternal(caller, ownTenantId);
    case "external":
      return !isInternal(caller, ownTenantId);
  }
}

function isInternal(caller: Party, ownTenantId: string): boolean {
  if (!["user", "application", "applicationInstance", "onPremises"].includes(caller.kind)) return false;
  return caller.tenantId === undefined || caller.tenantId === ownTenantId;
}

/**
 * Reads the caller column.
 *
 * @param text comma-separated entries; empty means anyone
 * @param region whose national spellings of numbers count
 * @returns the match, or the sentence that says which entry is wrong and what would be right
 */
export function parseCallerMatch(text: string, region?: Region): CallerMatch | Wrong {
  // What most rules say is kept once for all of them.
  if (text.trim() === "*") return ANYONE;
  const include: CallerTerm[] = [];
  const exclude: CallerTerm[] = [];
  for (const entry of text.split(/[,;\n]/).map((part) => part.trim())) {
    if (entry === "") continue;
    const excludes = entry.startsWith("!");
    const term = parseTerm(excludes ? entry.slice(1).trim() : entry, region);
    if ("wrong" in term) return term;
    (excludes ? exclude : include).push(term);
  }
  if (include.length > 0) return { include, exclude };
  if (exclude.length > 0)
    return { wrong: `"${text.trim()}" only excludes: write who may match as well, for instance *` };
  if (text.trim() !== "") return { wrong: `"${text.trim()}" names no caller: write * for anyone` };
  return ANYONE;
}

function parseTerm(text: string, region: Region | undefined): CallerTerm | Wrong {
  const lower = text.toLowerCase();
  if (lower === "*") return { kind: "anyone" };
  const name = CALLER_CLASSES.find((each) => each === lower);
  if (name !== undefined) return { kind: "class", name };
  const [, word, rest] = /^(list|tenant|country|user|app|resource)\s*:\s*(.*)$/i.exec(text) ?? [];
  if (word !== undefined && rest !== undefined) return parseNamed(word.toLowerCase(), rest.trim());
  if (text.endsWith("*")) return parsePrefix(text.slice(0, -1));
  const id = normaliseGuid(text) ?? normaliseNumber(text, region) ?? (/^\d{2,6}$/.test(text) ? text : undefined);
  if (id !== undefined) return { kind: "party", id };
  return {
    wrong: `"${text}" is no caller: write a number (+14255550100), a prefix (+1425*), an object id, list:NAME, tenant:ID, country:US, ${CALLER_CLASSES.join(", ")} or *`,
  };
}

function parseNamed(word: string, rest: string): CallerTerm | Wrong {
  switch (word) {
    case "list":
      return rest === ""
        ? { wrong: "list: needs a name, for instance list:vip" }
        : { kind: "list", name: rest.toLowerCase() };
    case "country": {
      const region = rest.toUpperCase();
      return isRegion(region)
        ? { kind: "country", region }
        : { wrong: `country:${rest} is no country: write its two letters, for instance country:US` };
    }
    default: {
      const id = normaliseGuid(rest);
      if (id === undefined)
        return { wrong: `${word}:${rest} needs an id such as 6d17c2f5-eac8-588b-835e-843f1323bef3` };
      return word === "tenant" ? { kind: "tenant", id } : { kind: "party", id };
    }
  }
}

/** A prefix is literal text, never a pattern: `+` means plus, and only the last `*` is special. */
function parsePrefix(text: string): CallerTerm | Wrong {
  if (/\(\s*0\s*\)/.test(text))
    return { wrong: `"${text}*" has a (0) that callers from abroad do not dial: leave it out` };
  const digits = text.replace(/[\s().\-/]/g, "").replace(/^00/, "+");
  if (/^\+[1-9]\d*$/.test(digits)) return { kind: "prefix", digits };
  return { wrong: `"${text}*" is no prefix: write + and the country code first, for instance +1425*` };
}

/** An entry as a person would type it. */
export function formatTerm(term: CallerTerm): string {
  switch (term.kind) {
    case "anyone":
      return "*";
    case "party":
      return term.id;
    case "prefix":
      return `${term.digits}*`;
    case "list":
      return `list:${term.name}`;
    case "tenant":
      return `tenant:${term.id}`;
    case "country":
      return `country:${term.region}`;
    case "class":
      return term.name;
  }
}
