import { getExampleNumber } from "libphonenumber-js";
import examples from "libphonenumber-js/mobile/examples";
import type { CallerTerm } from "../routing/caller-match.ts";
import type { Region } from "../routing/phone-number.ts";
import type { Rule } from "../routing/rule.ts";

const ELSEWHERE: Region = "US";
/** Numbers that are tried until one is named by no rule. */
const MOST_TRIED = 1000;

/**
 * A number of the region that no rule names by itself or by a prefix, as far as there is one: whoever rings from it meets
 * what callers in general meet. It is on no list.
 */
export function ordinaryCallerFor(rules: readonly Rule[], region: Region = ELSEWHERE): string {
  const terms = rules.flatMap(({ caller }) => [...caller.include, ...caller.exclude]);
  const named = terms.filter(({ kind }) => kind === "party" || kind === "prefix");
  const [first = "", ...others] = numbersOf(region);
  const isNamed = (number: string) => named.some((term) => names(term, number));
  return isNamed(first) ? (others.find((number) => !isNamed(number)) ?? first) : first;
}

function numbersOf(region: Region): string[] {
  const example = getExampleNumber(region, examples) ?? getExampleNumber(ELSEWHERE, examples);
  if (example === undefined) throw new TypeError("the numbering plan has an example of each region");
  const head = example.number.slice(0, -3);
  const own = Number(example.number.slice(-3));
  return Array.from({ length: MOST_TRIED }, (_, index) => `${head}${String((own + index) % 1000).padStart(3, "0")}`);
}

function names(term: CallerTerm, number: string): boolean {
  if (term.kind === "party") return term.id === number;
  return term.kind === "prefix" && number.startsWith(term.digits);
}
