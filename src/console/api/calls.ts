/** Calls: one that is tried, one that is rung through the simulator, and those of the log. */

import type { Cells, RowKeys } from "../../store/layouts.ts";
import type { Way } from "./looking.ts";

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
