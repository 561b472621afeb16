import { maskNumbers } from "./mask.ts";

/** Names of what is logged. Alerts and queries stand on them, so they do not change. */
export type LogEvent =
  | "call_redirected"
  | "call_rejected"
  | "call_refused"
  | "call_gone"
  | "call_failed"
  | "call_duplicate"
  | "call_ended"
  | "call_slow"
  | "calls_pruned"
  | "claim_unproven"
  | "close_failed"
  | "delivery"
  | "delivery_refused"
  | "entry_refused"
  | "entry_unreadable"
  | "fallback_used"
  | "keys_unavailable"
  | "mistake_found"
  | "override_swept"
  | "record_failed"
  | "recording_invitation"
  | "row_fault"
  | "rows_audited"
  | "rows_stale"
  | "target_dropped"
  | "warming_failed";

export type LogLevel = "info" | "warn" | "error";

/** Fields of a line. Numbers within texts are masked on the way out. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export type Log = (level: LogLevel, event: LogEvent, fields?: LogFields) => void;

/**
 * A log that writes one line of JSON an event: `{"event":"call_redirected","callId":...}`.
 *
 * JSON escapes control characters, so nothing that arrives can start a line of its own.
 *
 * @param write takes the finished line
 */
export function jsonLog(write: (level: LogLevel, line: string) => void): Log {
  return (level, event, fields = {}) => {
    const line = lineOf({ event, ...fields }, MOST_TEXT);
    write(level, line.length > MOST_LINE ? lineOf({ event, ...fields }, MOST_TEXT_IN_A_LONG_LINE) : line);
  };
}

/** Application Insights cuts a line at 32 KiB, and what is left would be no JSON. */
const MOST_LINE = 32_000;
/** Longest text of a field, and of all of them when the line would be too long: an escape is up to six characters. */
const MOST_TEXT = 8000;
const MOST_TEXT_IN_A_LONG_LINE = 400;

function lineOf(fields: LogFields, mostText: number): string {
  const line = JSON.stringify(fields, (_, value: unknown) =>
    typeof value === "string" ? maskNumbers(value).slice(0, mostText) : value,
  );
  return line.replace(UNSAFE, escaped);
}

/** What JSON leaves as it is and some viewers break lines at, obey or hide. */
const UNSAFE = /[\u007f-\u009f\u2028\u2029\p{Cf}]/gu;

/** A character as JSON may spell it: an escape for each of its one or two code units. */
function escaped(character: string): string {
  return character.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
