import { REJECT_REASONS } from "../../../routing/rule.ts";
import type { OverrideRequest } from "../../api.ts";
import { READERS_ZONE } from "../shared/time.ts";

/** An override as it is being typed. */
export interface TypedOverride {
  /** `all`, `site:NAME` or a line. */
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

export const UNTIL = "until a moment";

/** For how long, with the duration that each stands for. */
export const LENGTHS: ReadonlyMap<string, string | undefined> = new Map([
  ["30 minutes", "30m"],
  ["1 hour", "1h"],
  ["2 hours", "2h"],
  ["4 hours", "4h"],
  ["8 hours", "8h"],
  ["24 hours", "24h"],
  [UNTIL, undefined],
  ["without end", undefined],
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

/** What is asked of the server: the texts as typed, which it alone reads. */
export function requestOf({ scope, action, targets, length, until, note }: TypedOverride): OverrideRequest {
  const duration = LENGTHS.get(length);
  return {
    scope,
    ...(action === "redirect" ? { target: targets } : { reject: action }),
    ...(duration === undefined ? {} : { for: duration }),
    ...(length === UNTIL ? { until, zone: READERS_ZONE } : {}),
    ...(note.trim() === "" ? {} : { note: note.trim() }),
  };
}
