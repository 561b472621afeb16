import fc from "fast-check";
import { getCountries, getExampleNumber, type PhoneNumber, parsePhoneNumberFromString } from "libphonenumber-js";
import examples from "libphonenumber-js/mobile/examples";

/**
 * Numbers that the numbering plan has, of any country: a mobile number of it, with other digits at its end.
 * Each knows its region and its national and international spelling.
 */
export const validNumber: fc.Arbitrary<PhoneNumber> = fc
  .tuple(
    fc.constantFrom(...getCountries().filter((country) => getExampleNumber(country, examples) !== undefined)),
    fc.integer({ min: 0, max: 9999 }),
  )
  .map(([country, end]) => {
    const example = getExampleNumber(country, examples)?.number ?? "";
    return parsePhoneNumberFromString(example.slice(0, -4) + String(end).padStart(4, "0"));
  })
  .filter((number) => number !== undefined)
  .filter((number) => number.isValid());
