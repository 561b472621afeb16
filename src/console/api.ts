/**
 * What the console's page and its server say to each other: JSON over loopback. Moments are epoch milliseconds, numbers
 * E.164, ids as rows hold them. A request that cannot be done is answered with `Refusal` and a status of 400 or above.
 */

import type { Severity } from "../check/finding.ts";
import type { RowTable } from "../store/cells.ts";
import type { Cells, RowKeys } from "../store/layouts.ts";

/** Why a request was not done, for people. */
export interface Refusal {
  readonly error: string;
  /** What somebody else made of the row meanwhile (status 409); null when they removed it. */
  readonly theirs?: Cells | null;
}

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
  /** Who rings by name, or `reject busy`. */
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

/** `POST /api/explain`: a call that nobody has placed. */
export interface ExplainRequest {
  readonly line: string;
  readonly caller: string;
  /** As `--at` takes it; absent for now. */
  readonly at?: string;
}

export interface ExplainAnswer {
  readonly atMs: number;
  readonly timeZone: string;
  /** What to tell of a wall time that exists twice or not at all. */
  readonly remark?: string;
  readonly way: Way;
  /** Every rule in the order of decision. */
  readonly rules: readonly {
    readonly row: RowKeys;
    /** `Support/day` */
    readonly name: string;
    readonly says: string;
    readonly decides: boolean;
  }[];
  /** What was left out, as sentences. */
  readonly dropped: readonly string[];
  /** The decision as labelled facts: who rings, timeout, fallbacks. */
  readonly facts: readonly (readonly [label: string, text: string])[];
  /** What is sent to Graph. */
  readonly request: { readonly method: "POST"; readonly path: string; readonly body: unknown };
}

/** `POST /api/ring` (`ExplainRequest` without `at`): rings the line through the simulator. */
export interface RingAnswer {
  readonly callId: string;
}

/**
 * `GET /api/ring/ID`: how far it has come. Steps in the order of their times; those that have not happened, or whose time
 * is not known, are absent, and those that happen more than once are there as often.
 */
export interface RingProgress {
  readonly steps: readonly {
    readonly name:
      | "received"
      | "claimed"
      | "decided"
      | "redirected"
      | "rejected"
      | "ringing"
      | "answered"
      | "ended"
      /** Graph answered a request with an error. */
      | "refused"
      /** Graph got a request, at that moment, and never answers it. */
      | "unanswered"
      /** The app answered the platform with an error, or not at all. */
      | "failed";
    /** Milliseconds since the call was placed. */
    readonly ms: number;
    readonly says: string;
  }[];
  readonly finished: boolean;
  /** Why the call's row could not be read, so that claim and decision are not told. */
  readonly trouble?: string;
}

/** `GET /api/calls?since=1h&to=&from=&outcome=&failed=`: the log, the newest 5000 last; filters as `ringroute calls` takes them. */
export interface CallsAnswer {
  readonly calls: readonly CallView[];
  readonly summary: {
    readonly count: number;
    /** How many, how they ended, how long redirects took: the sentences of `ringroute calls`. */
    readonly says: readonly string[];
    /** Milliseconds from receipt to acceptance; absent without redirects. */
    readonly redirectTimes?: { readonly count: number; readonly medianMs: number; readonly p95Ms: number };
  };
}

export interface CallView {
  readonly id: string;
  readonly receivedAtMs: number;
  readonly line: string;
  readonly caller: string;
  readonly rule: string;
  readonly targets: string;
  readonly status: string;
  /** What became of it, as `ringroute calls` has it (its `fate`): `answered`, `rejected`, `under way`. */
  readonly outcome?: string;
  readonly elapsedMs?: number;
}

/** `GET /api/calls/ID?receivedAtMs=`: one call whole. */
export interface CallAnswer {
  readonly call: CallView;
  readonly trace: readonly string[];
  /** Every stored cell but the trace. */
  readonly cells: Cells;
}

/**
 * `GET /api/rows?table=Routes&partition=&find=&offset=0&limit=200`: rows of a table in the order of their keys. With
 * `partition`, as stored or as people type it, those of that partition alone.
 */
export interface RowsAnswer {
  readonly total: number;
  readonly offset: number;
  readonly columns: readonly string[];
  readonly rows: readonly RowView[];
  /** That not all rows were searched. */
  readonly note?: string;
}

/** Also the answer of `GET /api/row?table=&partition=&row=`, read for this request; 404 when there is no such row. */
export interface RowView {
  /** As stored. */
  readonly keys: RowKeys;
  /** As people type them. */
  readonly shown: RowKeys;
  /** As people know them: a line by its label, whoever has an id by their name. */
  readonly named: RowKeys;
  readonly cells: Cells;
  readonly etag: string;
  /** `open until …`, `lapsed …`: whether it counts now, where that can be said. */
  readonly state?: string;
  readonly problems: readonly Problem[];
}

/** `GET /api/problems`: what the check finds, the worst first. */
export interface ProblemsAnswer {
  readonly problems: readonly Problem[];
}

export interface Problem {
  readonly severity: Severity;
  readonly kind: string;
  readonly table: RowTable;
  readonly keys: RowKeys;
  /** Where it is, by the names that people know: `Routes Support/day, column schedule`. */
  readonly place: string;
  readonly column?: string;
  readonly found?: string;
  readonly says: string;
  readonly remedy: string;
}

/** `POST /api/review`: what a change would do. Writes nothing. */
export interface ReviewRequest {
  readonly table: RowTable;
  /** As a person types them. */
  readonly keys: RowKeys;
  /** All cells that the row is to have; null removes it. */
  readonly cells: Cells | null;
  /** Of the row as the page shows it; absent for a new one. */
  readonly etag?: string;
}

export interface ReviewAnswer {
  /** To be given to `POST /api/write`; absent when the change may not be written. */
  readonly ticket?: string;
  readonly keys: RowKeys;
  /** The row, by the names that people know: `Routes Support/day`. */
  readonly place: string;
  readonly before: Cells | null;
  readonly after: Cells | null;
  readonly faults: readonly { readonly column: string; readonly found: string; readonly wrong: string }[];
  /** Mistakes of all rows together that the change would bring. */
  readonly problems: readonly Problem[];
}

/** `POST /api/override/review`: what switching an override on would do. The texts are those of the flags of `ringroute override on`. Writes nothing. */
export interface OverrideRequest {
  /** `all`, `site:NAME`, or a line's id, number or name. */
  readonly scope: string;
  /** Who rings; in its place `reject`, the reason. */
  readonly target?: string;
  readonly reject?: string;
  /** `2h`; in its place `until`, on the wall of `zone` unless it has an offset. Without either it stands until it is switched off. */
  readonly for?: string;
  readonly until?: string;
  /** Absent: that of the schedules that the lines' rules name. */
  readonly zone?: string;
  readonly note?: string;
}

/** `POST /api/override/off/review`: what switching off a scope's overrides would do, lapsed ones too. Writes nothing. */
export interface OverrideOffRequest {
  /** As `OverrideRequest` has it, or an override's own key. */
  readonly scope: string;
}

/** The answer to both. */
export interface OverrideReviewAnswer {
  /** For all edits together, to be given to `POST /api/write`; absent when a text is at fault or nothing would change. */
  readonly ticket?: string;
  /** Which texts cannot be taken, each with a sentence that says why. */
  readonly faults: readonly { readonly wish: keyof OverrideRequest; readonly says: string }[];
  /** Rows that would be written, in this order. */
  readonly edits: readonly {
    /** The row as people know it. */
    readonly place: string;
    readonly before: Cells | null;
    readonly after: Cells | null;
  }[];
  /** Sentences: whose calls it takes or gives back, what comes before it, how long it stands. */
  readonly says: readonly string[];
  /** Mistakes that it brings, which are told and do not hinder it. */
  readonly problems: readonly Problem[];
}

/** `POST /api/write` and `POST /api/import/apply` of `{ ticket }`: the second, deliberate act. A ticket serves once. */
export interface WriteAnswer {
  /** How many rows were written. */
  readonly rows: number;
  /** To be given to `POST /api/undo` as `{ undo }`: puts rows back as they were, unless somebody has changed them since (409). */
  readonly undo: string;
}

/** `POST /api/import?name=routes.csv`, with the file as its body: the plan of an import. Writes nothing. */
export interface ImportAnswer {
  /** To be given to `POST /api/import/apply`; absent when something is wrong or nothing would change. */
  readonly ticket?: string;
  readonly table?: RowTable;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  /** The first of them. */
  readonly changes: readonly {
    readonly kind: "added" | "changed";
    readonly keys: RowKeys;
    /** `Routes Support/day` */
    readonly place: string;
    readonly before: Cells | null;
    readonly after: Cells;
  }[];
  /** The first of them. */
  readonly faults: readonly {
    readonly line: number;
    readonly column: string;
    readonly found: string;
    readonly expected: string;
  }[];
  /** How many faults the file has in all. */
  readonly faultCount: number;
  /** What was forgiven: a lost `+`, say. */
  readonly notes: ImportAnswer["faults"];
  readonly problems: readonly Problem[];
}
