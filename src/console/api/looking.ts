/** How the tables stand, and what becomes of the calls of each line: what the views of lines, week and quarter ask for. */

import type { Severity } from "../../check/finding.ts";
import type { RowKeys } from "../../store/layouts.ts";

/** `GET /api/state`: asked every few seconds. */
export interface StateAnswer {
  /** Which tables these are. */
  readonly where: string;
  /** Whether it is the local stack, where a call can be rung for real. */
  readonly canRing: boolean;
  /** When what the page shows was read from the tables. */
  readonly readAtMs: number;
  /** Changes whenever a row has changed, or the check finds something else. */
  readonly version: string;
  /** Why the tables could not be read since. */
  readonly trouble?: string;
  /** The caller that stands for everybody whom no rule names. */
  readonly ordinaryCaller: string;
  /** How many of each the last check found. */
  readonly problems: Readonly<Record<Severity, number>>;
  /** Whether that check was of the rows as they are; otherwise it is of older ones, or none has come to its end yet. */
  readonly isChecked: boolean;
  /** Changes that can still be undone, the newest first. */
  readonly undoable: readonly { readonly id: string; readonly says: string; readonly atMs: number }[];
}

/** What happens to a call, in words and for colours. */
export interface Way {
  /** The same for calls that the same row or setting decides with the same targets. */
  readonly id: string;
  readonly kind: "redirect" | "reject" | "fallback";
  /** Who rings by name, `reject busy`, or `nobody rings` where nothing answers the line. */
  readonly who: string;
  /** What decides: `Support/day`, the line's fallback, FALLBACK_TARGET, nothing. */
  readonly by: string;
  /** The row that decides, if one does. */
  readonly row?: RowKeys;
}

/** `GET /api/lines`: every line, as an ordinary caller meets it now. The same as long as that is: it holds no moment. */
export interface LinesAnswer {
  readonly version: string;
  readonly lines: readonly LineView[];
}

export interface LineView {
  readonly id: string;
  /** What it is called everywhere: its name, where no other line has that one, else its number, else its id. */
  readonly label: string;
  readonly name?: string;
  readonly number?: string;
  readonly site?: string;
  readonly group?: string;
  /** By whose wall the line lives: its schedules', or UTC. */
  readonly timeZone: string;
  readonly now: Way;
  /** The schedule that the deciding rule stands on: `office-hours is open`. */
  readonly schedule?: string;
  readonly override?: { readonly scope: string; readonly untilMs?: number };
  /** Errors and warnings in the line's own rows. */
  readonly problems: number;
}

/** `GET /api/line?line=`: the line that is meant by an id, number or name; 400 when there is none, or several are called so. */
export type LineAnswer = Pick<LineView, "id" | "label" | "timeZone">;

/** `GET /api/next?lines=ID,ID…`: what changes next, for the lines that are in view. */
export interface NextAnswer {
  /** By line; null when nothing changes in the next 60 days. */
  readonly next: Readonly<Record<string, { readonly atMs: number; readonly way: Way } | null>>;
}

/** `GET /api/week?line=&caller=&day=2026-11-23`: seven days from a date; the caller as `ringroute explain --from` takes it. */
export interface WeekAnswer {
  readonly timeZone: string;
  readonly ways: readonly Way[];
  readonly days: readonly {
    /** `2026-11-23` */
    readonly day: string;
    /** Dated rows that count on this day, by name. */
    readonly exceptions: readonly string[];
    /** That the clocks jump on this day, and how: `02:00 does not exist`. */
    readonly clockChange?: string;
    /** 96 quarters of an hour; a quarter that is skipped has no moment, one that is lived twice has two. */
    readonly steps: readonly (readonly { readonly atMs: number; readonly way: number }[])[];
  }[];
}

/** `GET /api/coverage?line=&caller=`: the next 90 days of a line. */
export interface CoverageAnswer {
  readonly timeZone: string;
  readonly ways: readonly Way[];
  readonly days: readonly {
    readonly day: string;
    /** Minutes of the day that each way takes, by its index. */
    readonly minutes: Readonly<Record<number, number>>;
    readonly exceptions: readonly string[];
    readonly clockChange?: string;
    /** Rules that begin or lapse on this day: `support/summer begins`. */
    readonly changes: readonly string[];
    /** That a caller reaches nothing but a fallback or a reject the whole day. */
    readonly onlyFallback: boolean;
  }[];
  /** Sentences worth a look: `office-hours has no holidays after 2026-12-25`. */
  readonly remarks: readonly string[];
}
