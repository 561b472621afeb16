import { formatIso } from "../../../routing/format-moment.ts";
import { REJECT_REASONS } from "../../../routing/rule.ts";
import type { Cells } from "../../../store/layouts.ts";
import { READERS_ZONE } from "../shared/time.ts";

/** An override as it is being typed. */
export interface TypedOverride {
  /** `all`, `site:NAME` or a line's id: the key of its row. */
  readonly scope: string;
  /** What becomes of the calls: `redirect`, or the reason of a reject. */
  readonly action: string;
  readonly targets: string;
  /** One of `LENGTHS`. */
  readonly length: string;
  /** As the field for date and time has it, on the reader's wall: `2026-11-25T18:00`. */
  readonly until: string;
  readonly note: string;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
export const UNTIL = "until";
export const WITHOUT_END = "without end";

/** For how long, with the milliseconds that each stands for. */
export const LENGTHS: ReadonlyMap<string, number | undefined> = new Map([
  ["30 minutes", HOUR_MS / 2],
  ["1 hour", HOUR_MS],
  ["2 hours", 2 * HOUR_MS],
  ["4 hours", 4 * HOUR_MS],
  ["8 hours", 8 * HOUR_MS],
  ["24 hours", 24 * HOUR_MS],
  [UNTIL, undefined],
  [WITHOUT_END, undefined],
]);

export const ACTIONS = ["redirect", ...REJECT_REASONS] as const;

export const NEW_OVERRIDE: TypedOverride = {
  scope: "",
  action: "redirect",
  targets: "",
  length: "2 hours",
  until: "",
  note: "",
};

/** The cells of its row. @param nowMs from when on the length counts, in epoch milliseconds */
export function cellsOfOverride({ action, targets, length, until, note }: TypedOverride, nowMs: number): Cells {
  const lengthMs = LENGTHS.get(length);
  const isUntil = length === UNTIL;
  // To the next whole minute, which people can read.
  const endMs = lengthMs === undefined ? Date.parse(until) : Math.ceil((nowMs + lengthMs) / MINUTE_MS) * MINUTE_MS;
  const hasEnd = lengthMs !== undefined || isUntil;
  return {
    ...(action === "redirect" ? { targets: targets.trim() } : { action: "reject", reason: action }),
    // What cannot be read as a moment is left to the review to refuse.
    ...(hasEnd ? { until: Number.isNaN(endMs) ? until || "?" : formatIso(endMs, READERS_ZONE) } : {}),
    ...(note.trim() === "" ? {} : { note: note.trim() }),
  };
}
