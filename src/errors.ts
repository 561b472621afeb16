/** What breaks the work, by kind. Callers switch on the code; the message is for people. */
export type FaultCode =
  /** The bearer token is missing or does not verify: the sender's fault. */
  | "unauthorized"
  /** No signing keys can be had and none are remembered: ours. */
  | "keys-unavailable"
  /** Table Storage did not answer in time, or answered that it cannot. */
  | "tables-unavailable"
  /** Table Storage refused what we asked: a missing role, a missing table, a bad key. */
  | "tables-refused"
  /** A row that was to be written is no longer as it was read. */
  | "row-changed"
  /** No token for Graph could be had. */
  | "token-unavailable"
  /** A step used up its share of the deadline. */
  | "late";

/** An expected way for a step to break. Anything else that is thrown is a mistake in the program. */
export class Fault extends Error {
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "Fault";
    this.code = code;
  }
}

/** The message of anything thrown, on one line, for a log field. */
export function messageOf(thrown: unknown): string {
  // Of a host with several addresses node tells each failure apart, and nothing of them together.
  if (thrown instanceof AggregateError && thrown.message === "") return thrown.errors.map(messageOf).join("; ");
  const text = thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
  return text.replace(/\s+/g, " ").trim();
}

/** Ends a `switch` over a union: a case that was forgotten does not compile. */
export function unreachable(value: never): never {
  throw new TypeError(`no case for ${JSON.stringify(value)}`);
}

/** A text that cannot be read: a sentence, without its subject where one is obvious, that says what would be right. */
export interface Wrong {
  readonly wrong: string;
}

/** Reads one typed text: a setting, a cell, an entry of a list. */
export type Reading<T> = (text: string) => T | Wrong;

export function isWrong(value: unknown): value is Wrong {
  return typeof value === "object" && value !== null && "wrong" in value;
}
