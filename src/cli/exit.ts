import { getSystemErrorMap } from "node:util";
import { Fault } from "../errors.ts";
import { statusOf } from "../store/tables.ts";

/** Exit codes: good, found mistakes, wrong usage, could not reach Azure. */
export const EXIT = { good: 0, mistakes: 1, usage: 2, unreachable: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The command was called in a way that cannot work. The message names the flag, file or line, and says what would be right. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

/** What was asked for is not done, for a reason in the rows or in the files. The message is all that people need. */
export class MistakeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "MistakeError";
  }
}

/**
 * How whatever ended a command is told: a sentence without a stack, and the exit code.
 *
 * @param byKey whether the tables are opened with a connection string, where no role counts
 */
export function tellEnd(thrown: unknown, byKey: boolean): { readonly code: ExitCode; readonly message: string } {
  if (thrown instanceof UsageError) return { code: EXIT.usage, message: thrown.message };
  if (thrown instanceof MistakeError) return { code: EXIT.mistakes, message: thrown.message };
  if (thrown instanceof Fault) {
    if (thrown.code === "row-changed") return { code: EXIT.mistakes, message: thrown.message };
    return { code: EXIT.unreachable, message: [thrown.message, ...remedyOf(thrown, byKey)].join("\n") };
  }
  const trouble = fileTrouble(thrown);
  if (trouble !== undefined) return { code: EXIT.usage, message: trouble.message };
  const what = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: EXIT.mistakes, message: `this is a fault of ringroute itself: ${what}` };
}

/**
 * What the system says of a file, as a mistake of whoever named it: `rows: permission denied.`
 *
 * @param path what to call it, where the system's own name for it says little, or there is none
 * @returns undefined for anything else that is thrown
 */
export function fileTrouble(thrown: unknown, path?: string): UsageError | undefined {
  if (!(thrown instanceof Error) || !("errno" in thrown) || typeof thrown.errno !== "number") return undefined;
  const named = path ?? ("path" in thrown && typeof thrown.path === "string" ? thrown.path : undefined);
  const [, says] = getSystemErrorMap().get(thrown.errno) ?? [];
  return named === undefined || says === undefined ? undefined : new UsageError(`${named}: ${says}.`);
}

function remedyOf(fault: Fault, byKey: boolean): string[] {
  if (fault.message.startsWith("no token for the tables")) return ["Sign in first, for instance with: az login"];
  if (fault.code === "tables-refused" && fault.message.includes("there is no table"))
    return ["The tables are made with the deployment (docs/deploy.md); is this the right storage account?"];
  const status = statusOf(fault);
  if (status === 401 || status === 403) {
    return [
      byKey
        ? "Is the key in the connection string this account's, and does a firewall of the account let you in?"
        : "Your sign-in needs the role Storage Table Data Contributor on the account (or Reader, to look only), and a firewall of the account must let you in.",
    ];
  }
  if (status === undefined) return ["Is the address right, and does a firewall of the storage account let you in?"];
  return status === 408 || status === 429 || status >= 500
    ? ["The table service is busy or has a fault of its own: try again in a minute."]
    : [];
}
