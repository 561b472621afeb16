import { type CallerClass, type CallerMatch, type CallerTerm, formatTerm } from "../routing/caller-match.ts";
import { countryOf, mayBeIn, normaliseNumber } from "../routing/phone-number.ts";

/**
 * Whether one caller column takes every caller that another takes. Sound and not complete: what it affirms holds for all
 * callers, whatever lists they are on; what it denies it could only not prove.
 *
 * It takes for granted that an id that is a number belongs to a phone, as `partyOf` makes it.
 *
 * @param outranks that of two entries that take the same callers, the wider one's rule decides; asked of rules that stand
 * at one priority, where the closer entry goes first
 */
export function covers(
  wide: CallerMatch,
  narrow: CallerMatch,
  outranks: (wider: CallerTerm, term: CallerTerm) => boolean = () => true,
): boolean {
  const terms = contributing(narrow);
  return (
    terms.every((term) =>
      isTaken(
        term,
        wide.include.filter((each) => outranks(each, term)),
        narrow.exclude,
      ),
    ) &&
    wide.exclude.every(
      (excluded) => isTaken(excluded, narrow.exclude) || terms.every((term) => areApart(term, excluded)),
    )
  );
}

/** Whether a caller column takes nobody, since it excludes all that it includes. */
export function takesNobody(match: CallerMatch): boolean {
  return contributing(match).length === 0;
}

/** The entries that take somebody who is not excluded, as far as can be proved. */
export function contributing({ include, exclude }: CallerMatch): readonly CallerTerm[] {
  return exclude.length === 0 ? include : include.filter((term) => !isTaken(term, exclude));
}

/** Whether everybody whom a term takes is taken by one of others, or is internal or external where both are named. */
function isTaken(term: CallerTerm, ...others: readonly (readonly CallerTerm[])[]): boolean {
  const wider = widerTerms(term);
  const classes = new Set<string>();
  for (const terms of others) {
    for (const each of terms) {
      if (wider.has(formatTerm(each))) return true;
      if (each.kind === "class") classes.add(each.name);
    }
  }
  return classes.has("internal") && classes.has("external");
}

const known = new WeakMap<CallerTerm, ReadonlySet<string>>();

/**
 * All entries, as `formatTerm` writes them, that take every caller whom this one takes; it itself is among them.
 *
 * A country takes a number only where the numbering plan knows the number's country, which no prefix proves: what the
 * plan does not know is of the country that Graph names.
 */
export function widerTerms(term: CallerTerm): ReadonlySet<string> {
  const found = known.get(term);
  if (found !== undefined) return found;
  const wider = new Set(["*", formatTerm(term), ...classesAround(term), ...prefixesOf(term)]);
  const number = isNumber(term) ? normaliseNumber(term.id) : undefined;
  const country = number === undefined ? undefined : countryOf(number);
  if (number !== undefined && country !== undefined && mayBeIn(number, country)) wider.add(`country:${country}`);
  known.set(term, wider);
  return wider;
}

function classesAround(term: CallerTerm): readonly string[] {
  if (isOfPhones(term)) return ["phone", "external"];
  if (term.kind !== "class") return [];
  if (term.name === "anonymous") return ["external"];
  return term.name === "internal" ? ["teams"] : [];
}

/** Whether a term takes phones only. */
function isOfPhones(term: CallerTerm): boolean {
  switch (term.kind) {
    case "prefix":
      return true;
    case "party":
      return /^\+?\d+$/.test(term.id);
    case "class":
      return term.name === "phone";
    default:
      return false;
  }
}

function prefixesOf(term: CallerTerm): readonly string[] {
  const digits = term.kind === "prefix" ? term.digits : isNumber(term) ? term.id : "";
  return Array.from({ length: Math.max(0, digits.length - 1) }, (_, index) => `${digits.slice(0, index + 2)}*`);
}

function isNumber(term: CallerTerm): term is Extract<CallerTerm, { kind: "party" }> {
  return term.kind === "party" && term.id.startsWith("+");
}

/** Whether no caller is taken by both terms, as far as can be proved. */
export function areApart(one: CallerTerm, other: CallerTerm): boolean {
  return isApartFrom(one, other) || isApartFrom(other, one);
}

function isApartFrom(one: CallerTerm, other: CallerTerm): boolean {
  switch (one.kind) {
    case "party":
      if (other.kind === "party") return one.id !== other.id;
      return other.kind === "prefix" && !one.id.startsWith(other.digits);
    case "prefix":
      if (other.kind === "country") return !mayBeIn(one.digits, other.region);
      return other.kind === "prefix" && !one.digits.startsWith(other.digits) && !other.digits.startsWith(one.digits);
    case "country":
      if (other.kind === "country") return one.region !== other.region;
      return isNumber(other) && !mayBeIn(other.id, one.region);
    case "tenant":
      return other.kind === "tenant" && one.id !== other.id;
    case "class":
      return classesApart(one.name, other);
    default:
      return false;
  }
}

function classesApart(name: CallerClass, other: CallerTerm): boolean {
  switch (name) {
    case "phone":
    case "external":
      return false;
    case "teams":
    case "anonymous":
      return isOfPhones(other);
    case "internal":
      return isOfPhones(other) || (other.kind === "class" && (other.name === "external" || other.name === "anonymous"));
  }
}
