import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from "libphonenumber-js";

declare const e164: unique symbol;
/** A number in E.164: `+`, country code, subscriber, digits only. */
export type E164 = string & { readonly [e164]: true };

/** ISO 3166 region whose national spellings are understood. */
export type Region = CountryCode;

/** Whether `text` is a region that the numbering plan knows, such as `US` or `GB`. */
export function isRegion(text: string): text is Region {
  return isSupportedCountry(text);
}

/** E.164's most digits; some numbering plans allow more on paper. */
const LONGEST = 15;
// Besides digits: what people and exchanges put between and before them. Anything else (letters above all) is no number.
const NUMBER_SHAPE = /^\+?[\d\s().\-/]+$/;
/** What comes before a number when it is dialled from abroad takes at most so many digits more. */
const LONGEST_PREFIX = 3;
/** Fewer digits are an extension. */
const SHORTEST_WITHOUT_PLUS = 7;

/**
 * The one reading of a phone number, for rows, CSV and live calls alike.
 *
 * Forgives punctuation, full-width digits, `tel:`, a spreadsheet's apostrophe before and `.0` behind, a lost `+`, trunk
 * zeros and international prefixes (`00`, `011`) of the region. A number counts when the numbering plan has numbers of its
 * length: the plan's list of ranges in use is never complete, so a number outside it still gets through.
 *
 * @param text as typed or as it came
 * @param region whose national spellings count; without one only international spellings do
 * @returns the number, or undefined for an extension (`1064`), a number with an extension, or no number at all
 */
export function normaliseNumber(text: string, region?: Region): E164 | undefined {
  const typed = undress(text);
  if (!NUMBER_SHAPE.test(typed)) return undefined;
  const digits = typed.replace(/\D/g, "");
  if (digits.length > LONGEST + LONGEST_PREFIX) return undefined;
  if (typed.startsWith("+")) return possible(parse(`+${digits}`), `+${digits}`);
  if (digits.length < SHORTEST_WITHOUT_PLUS) return undefined;
  const national = region === undefined ? undefined : parse(digits, region);
  // `33123456789` with region US is no national number, so it has lost its plus; `00` is the usual international prefix.
  const withPlus = `+${digits.replace(/^00/, "")}`;
  const international = parse(withPlus);
  return valid(national) ?? valid(international) ?? possible(national, digits) ?? possible(international, withPlus);
}

/**
 * Whether the numbering plan knows the number's range. A number that it does not know may be another country's, which was
 * typed without its code; or it may be in use all the same, since the plan is never complete.
 */
export function isInPlan(number: string): boolean {
  return parsePhoneNumberFromString(number)?.isValid() ?? false;
}

/** A number as people read it: `+1 425 555 0100`. An extension, or what is no E.164 number, stays as it is. */
export function formatInternational(number: string): string {
  if (!/^\+\d+$/.test(number)) return number;
  return parsePhoneNumberFromString(number)?.formatInternational() ?? number;
}

let regions: ReadonlyMap<string, readonly Region[]> | undefined;

/**
 * Regions that share a calling code: most have one of their own, `1` and `44` and some others serve several. Gathered when
 * first asked for, since it takes a twentieth of the time in which the app loads.
 */
function regionsOf(callingCode: string): readonly Region[] | undefined {
  regions ??= Map.groupBy(getCountries(), (region) => getCountryCallingCode(region));
  return regions.get(callingCode);
}

/**
 * Whether a number's calling code is that of the region, or tells no country, as an extension's digits do not. A quick test before `countryOf`, which
 * takes a hundred times as long.
 */
export function mayBeIn(number: string, region: string): boolean {
  if (!number.startsWith("+")) return true;
  for (let length = 1; length <= 3; length++) {
    const sharing = regionsOf(number.slice(1, 1 + length));
    if (sharing !== undefined) return sharing.some((each) => each === region);
  }
  return true;
}

/** The country of a number by its country code and, where several countries share one, by its area. */
export function countryOf(number: E164): Region | undefined {
  return parsePhoneNumberFromString(number)?.country;
}

function undress(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .trim()
    .replace(/^['’]/, "")
    .replace(/^(tel|phone|4):/i, "")
    .replace(/^(\+?\d{7,})\.0$/, "$1")
    .replace(/[‐-―−]/g, "-")
    .trim();
}

function parse(text: string, region?: Region): PhoneNumber | undefined {
  return parsePhoneNumberFromString(text, { ...(region && { defaultCountry: region }), extract: false });
}

function valid(number: PhoneNumber | undefined): E164 | undefined {
  return number?.isValid() && fits(number) ? branded(number) : undefined;
}

/** A number that would lose another trunk zero each time it is read (`+980000000`) is none. @param text that it was read from */
function possible(number: PhoneNumber | undefined, text: string): E164 | undefined {
  if (!number?.isPossible() || !fits(number)) return undefined;
  const isStable = number.number === text || parse(number.number)?.number === number.number;
  return isStable ? branded(number) : undefined;
}

function fits(number: PhoneNumber): boolean {
  return number.number.length <= "+".length + LONGEST;
}

function branded(number: PhoneNumber): E164 {
  return number.number as string as E164;
}
