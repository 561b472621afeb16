import { parseArgs } from "node:util";

/** Wrong usage; the message is a sentence for whoever typed it. */
export class UsageError extends Error {}

/** A number that a bench goes by, in a full run and in a short one; a flag of its name changes it. */
export interface Amount {
  readonly full: number;
  readonly short: number;
}

export interface Flags<Name extends string = string> {
  readonly amounts: Readonly<Record<Name, number>>;
  /** Where the result goes; undefined: where it usually does. */
  readonly json: string | undefined;
  /** Flags that take a text and were given. */
  readonly texts: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads the flags of one bench: `--short`, `--json FILE`, and those that it has.
 *
 * @throws UsageError for what it does not have, and for an amount that is no number above 0
 */
export function readFlags<Name extends string>(
  args: readonly string[],
  amounts: Readonly<Record<Name, Amount>>,
  texts: readonly string[] = [],
): Flags<Name> {
  const names = [...Object.keys(amounts), ...texts, "json"];
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({ args: [...args], options: { ...options, short: { type: "boolean" } } }));
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const textOf = (name: string) => (typeof values[name] === "string" ? values[name] : undefined);
  const amountOf = ([name, { full, short }]: [string, Amount]) => {
    const given = textOf(name);
    const amount = given === undefined ? (values.short === true ? short : full) : Number(given);
    if (!(amount > 0 && Number.isFinite(amount)))
      throw new UsageError(`--${name} is "${given}"; use a number above 0.`);
    return [name, amount];
  };
  return {
    amounts: Object.fromEntries(Object.entries<Amount>(amounts).map(amountOf)),
    json: textOf("json"),
    texts: Object.fromEntries(texts.map((name) => [name, textOf(name)])),
  };
}
