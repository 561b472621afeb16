import { REJECT_REASONS } from "../../../routing/rule.ts";
import type { OverrideRequest, RowView } from "../../api/changing.ts";
import type { LineView } from "../../api/looking.ts";
import { READERS_ZONE } from "../shared/time.ts";

/** An override as it is being typed. */
export interface TypedOverride {
  /** `ALL`, `site:NAME` or `ONE`. */
  readonly whose: string;
  /** Of `ONE`: its id, or what was typed in place of it. */
  readonly line: string;
  /** What becomes of the calls: `redirect`, or the reason of a reject. */
  readonly action: string;
  readonly targets: string;
  /** One of `LENGTHS`. */
  readonly length: string;
  /** As the field for date and time has it, on the reader's wall: `2026-11-25T18:00`. */
  readonly until: string;
  readonly note: string;
}

/** The calls of one line, which a field of its own names: a line may be called `all`. */
export const ONE = "";
export const ALL = "all";

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
  whose: ONE,
  line: "",
  action: "redirect",
  targets: "",
  length: "2 hours",
  until: "",
  note: "",
};

/**
 * What is asked of the server: the texts as typed, which it alone reads.
 *
 * @param scope `all`, `site:NAME`, or the id of the line that was found
 */
export function requestOf({ action, targets, length, until, note }: TypedOverride, scope: string): OverrideRequest {
  const duration = LENGTHS.get(length);
  return {
    scope,
    ...(action === "redirect" ? { target: targets } : { reject: action }),
    ...(duration === undefined ? {} : { for: duration }),
    ...(length === UNTIL ? { until, zone: READERS_ZONE } : {}),
    ...(note.trim() === "" ? {} : { note: note.trim() }),
  };
}

/** The sites of lines by their names, each once, however its letters are spelled: calls take no notice of that. */
export function sitesOf(lines: readonly Pick<LineView, "site">[]): readonly string[] {
  const named = lines.flatMap(({ site }) => site?.trim() || []);
  return [...new Map(named.toReversed().map((site) => [site.toLowerCase(), site])).values()].sort();
}

/** Whose calls an override takes, as people name it: `All lines`, `Site Redmond`, a line. */
export function scopeOf({ shown, named }: Pick<RowView, "shown" | "named">): string {
  const scope = shown.rowKey.trim();
  if (scope.toLowerCase() === ALL) return "All lines";
  const site = /^site\s*:\s*(.*)$/i.exec(scope)?.[1];
  return site === undefined ? named.rowKey : `Site ${site}`;
}
