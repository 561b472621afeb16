/** Rows and what is wrong with them: looked at, reviewed, written and taken back. */

import type { Severity } from "../../check/finding.ts";
import type { Telling } from "../../cli/on-now.ts";
import type { RowTable } from "../../store/cells.ts";
import type { Cells, RowKeys } from "../../store/layouts.ts";

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
  /** `open until …`, `lapsed …`: whether it counts now, where that can be said. The page tells moments as its reader does. */
  readonly state?: Telling;
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
  /** What was done: `Changed Routes default/night`; what `POST /api/undo` took back. */
  readonly says: string;
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
