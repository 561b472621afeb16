import { parseArgs } from "node:util";
import { isWrong, messageOf, type Reading } from "../../../src/errors.ts";
import { Report } from "./report.ts";

/** A command of this folder. */
export interface Script {
  /** How it is run: `npm run NAME`. */
  readonly name: string;
  /** All that `--help` says, with an example that can be run. */
  readonly usage: string;
  /** Options that take a text; every script takes `--dry-run` and `--help` besides. */
  readonly options: readonly string[];
  /** @throws UsageError, Unreachable, or an Error for what an administrator must look into */
  run(given: Given, report: Report): Promise<void>;
}

/** The command line is at fault. */
export class UsageError extends Error {}

/** Nobody answered, or nobody is signed in. */
export class Unreachable extends Error {}

/** The options as given, each read where it is used. */
export class Given {
  readonly #values: Readonly<Record<string, string | boolean | undefined>>;

  constructor(values: Readonly<Record<string, string | boolean | undefined>>) {
    this.#values = values;
  }

  /** Nothing is written, there or here. */
  get dryRun(): boolean {
    return this.#values["dry-run"] === true;
  }

  /** @throws UsageError that says what would be right */
  required<T>(name: string, reading: Reading<T>): T {
    const value = this.optional(name, reading);
    if (value === undefined) throw new UsageError(`--${name} is missing`);
    return value;
  }

  /** @throws UsageError that says what would be right */
  optional<T>(name: string, reading: Reading<T>): T | undefined {
    const text = this.#values[name];
    if (typeof text !== "string") return undefined;
    const value = reading(text.trim());
    if (isWrong(value)) throw new UsageError(`--${name} is "${text}"; ${value.wrong}`);
    return value;
  }
}

/** Any text that is not blank. */
export const text: Reading<string> = (given) => given || { wrong: "it must not be empty" };

/**
 * Runs a script with the command line's options, and sets the exit code: 0 all is as it should be, 1 something is not and
 * the report or the message says what, 2 wrong usage, 3 nobody answered or nobody is signed in.
 */
export async function runScript(script: Script): Promise<void> {
  try {
    const given = readCommandLine(script);
    if (given === "help") {
      process.stdout.write(script.usage);
      return;
    }
    const report = new Report((line) => process.stdout.write(`${line}\n`));
    await script.run(given, report);
    process.exitCode = report.refusals > 0 ? 1 : 0;
  } catch (error) {
    process.exitCode = error instanceof UsageError ? 2 : error instanceof Unreachable ? 3 : 1;
    const help = error instanceof UsageError ? `; see npm run ${script.name} -- --help` : "";
    process.stderr.write(`${script.name}: ${messageOf(error)}${help}\n`);
  }
}

function readCommandLine({ options }: Script): Given | "help" {
  try {
    const { values } = parseArgs({
      options: {
        ...Object.fromEntries(options.map((name) => [name, { type: "string" as const }])),
        "dry-run": { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    return values.help ? "help" : new Given(values);
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}
