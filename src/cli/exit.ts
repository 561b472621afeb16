import { Fault } from "../errors.ts";

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

/** How whatever ended a command is told: a sentence without a stack, and the exit code. */
export function tellEnd(thrown: unknown): { readonly code: ExitCode; readonly message: string } {
  if (thrown instanceof UsageError) return { code: EXIT.usage, message: thrown.message };
  if (thrown instanceof MistakeError) return { code: EXIT.mistakes, message: thrown.message };
  if (thrown instanceof Fault) {
    if (thrown.code === "row-changed") return { code: EXIT.mistakes, message: thrown.message };
    return { code: EXIT.unreachable, message: `${thrown.message}${remedyOf(thrown)}` };
  }
  const what = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: EXIT.mistakes, message: `this is a fault of ringroute itself: ${what}` };
}

function remedyOf({ code, message }: Fault): string {
  if (code === "tables-refused" && message.includes("there is no table"))
    return "\nThe tables are made with the deployment (docs/deploy.md); is this the right storage account?";
  if (code === "tables-refused")
    return "\nYour sign-in needs the role Storage Table Data Contributor on the account (or Reader, to look only).";
  if (message.startsWith("no token for the tables")) return "\nSign in first, for instance with: az login";
  return "\nIs the address right, and does a firewall of the storage account let you in?";
}
