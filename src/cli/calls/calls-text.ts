import { isWrong } from "../../errors.ts";
import { formatDay } from "../../routing/dates.ts";
import { formatIso, shortWeekday } from "../../routing/format-moment.ts";
import { formatInternational } from "../../routing/phone-number.ts";
import { parseTargets } from "../../routing/targets.ts";
import { wallTimeAt } from "../../routing/time-zone.ts";
import type { LoggedCall } from "../../store/call-list.ts";
import { textOfKey } from "../../store/tables.ts";
import type { Names } from "../names.ts";
import { textTable, wrap } from "../text-table.ts";
import type { Fate } from "./calls-fate.ts";

const HEADINGS = ["Time", "Line", "Caller", "Outcome", "ms", "Decided by: rings"] as const;
/** Time of day, caller, outcome, milliseconds and the gaps: what is left is for the line and the decision. */
const TAKEN = 8 + 15 + 11 + 5 + 5 * 2;

/** Calls as lines of a table that has no end, so that its columns are as wide as the terminal lets them from the start. */
export class CallLines {
  readonly #names: Names;
  readonly #timeZone: string;
  /** On a terminal; in a pipe every call is one line. */
  readonly #widths: readonly number[] | undefined;
  readonly #headings: readonly string[];
  #day: number | undefined;

  /** @param width columns of the terminal; `Infinity` in a pipe */
  constructor(names: Names, timeZone: string, width: number) {
    this.#names = names;
    this.#timeZone = timeZone;
    const left = Math.max(24, width - TAKEN);
    const line = Math.min(24, Math.floor(left * 0.4));
    this.#widths = Number.isFinite(width) ? [8, line, 15, 11, 5, left - line] : undefined;
    const padded = this.#widths?.slice(0, -1) ?? [25, 18, 15, 11, 5];
    this.#headings = HEADINGS.map((heading, column) => heading.padEnd(padded[column] ?? 0));
  }

  heading(): string {
    return textTable(this.#headings, [HEADINGS.map(() => "-")], Number.POSITIVE_INFINITY)[0] ?? "";
  }

  /** The call's line, on a terminal after one with the date when the day has changed. */
  linesOf(call: LoggedCall, fate: Fate): string[] {
    const atMs = call.at.getTime();
    const iso = formatIso(atMs, this.#timeZone);
    const { line = "", caller = "" } = call.cells;
    const cells = [
      this.#widths === undefined ? iso : iso.slice(11, 19),
      line === "" ? "" : this.#names.line(line),
      caller === "" ? "withheld" : this.#names.party(caller),
      fate,
      call.elapsedMs === undefined ? "" : String(call.elapsedMs),
      this.#decisionOf(call),
    ].map((cell, column) => wrap(cell || "-", this.#widths?.[column] ?? Number.POSITIVE_INFINITY).join("\n"));
    const [, ...lines] = textTable(this.#headings, [cells], Number.POSITIVE_INFINITY);
    return [...this.#newDay(atMs), ...lines];
  }

  #newDay(atMs: number): string[] {
    const { day } = wallTimeAt(this.#timeZone, atMs);
    if (this.#widths === undefined || day === this.#day) return [];
    this.#day = day;
    return [`${shortWeekday(day)} ${formatDay(day)}, ${this.#timeZone}`];
  }

  #decisionOf(call: LoggedCall): string {
    const { action, failure } = call.cells;
    const rings = ringsOf(call, this.#names) ?? (action?.startsWith("reject") ? action : failure);
    return [ruleOf(call, this.#names), rings].filter((text) => text !== undefined && text !== "").join(": ");
  }
}

/** The rule or setting that decided: a rule of the line's own by its name alone. */
export function ruleOf({ cells: { rule, line } }: LoggedCall, names: Names): string | undefined {
  const slash = rule?.indexOf("/") ?? -1;
  if (rule === undefined || slash < 0) return rule;
  const [partition, name] = [rule.slice(0, slash), rule.slice(slash + 1)] as const;
  return partition === line ? textOfKey(name) : names.rule(partition, name);
}

/** Who was to ring, by name. Masked numbers are told as they are stored. */
export function ringsOf({ cells: { targets } }: LoggedCall, names: Names): string | undefined {
  if (targets === undefined) return undefined;
  const parsed = parseTargets(targets);
  return isWrong(parsed) ? targets : names.targets(parsed);
}

/** A call whole: when its steps were done, every other cell with its column's name, then its trace. */
export function wholeCall(call: LoggedCall, fate: Fate, names: Names, timeZone: string, width: number): string[] {
  const { trace, line, caller, claimedMs, decidedMs, elapsedMs, ...cells } = call.cells;
  const steps = stepsOf([
    ["claimed", claimedMs],
    ["decided", decidedMs],
    [cells.status, elapsedMs],
  ]);
  const named = [
    ["call", `${fate}, ${formatIso(call.at.getTime(), timeZone)} ${timeZone}`],
    ...(line === undefined ? [] : [["line", beside(names.line(line), line)]]),
    ["caller", caller === undefined ? "withheld" : beside(names.party(caller), caller)],
    ...(steps === "" ? [] : [["steps", steps]]),
    ...Object.entries({ ...cells, ...(cells.targets === undefined ? {} : { targets: ringsOf(call, names) ?? "" }) }),
  ];
  const lines = textTable(["column", "holds"], named, width).slice(1);
  if (trace === undefined) return lines;
  return [...lines, "", "How it was decided:", ...trace.split("\n").flatMap((each) => wrap(each, width - 2))];
}

/** When each step was done: `claimed 14 ms, decided 17 ms, redirected 1388 ms after receipt`; empty when no row says. */
function stepsOf(steps: readonly (readonly [step: string | undefined, ms: string | undefined])[]): string {
  const done = steps.flatMap(([step, ms]) => (ms === undefined ? [] : [`${step} ${ms} ms`]));
  return done.length === 0 ? "" : `${done.join(", ")} after receipt`;
}

function beside(name: string, id: string): string {
  return name === id || name === formatInternational(id) ? name : `${name} (${id})`;
}
