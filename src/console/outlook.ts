import { listEdgesIn } from "../book/edges.ts";
import { findIn, isSchedule } from "../book/schedules.ts";
import type { Decider } from "../cli/decider.ts";
import { findLine } from "../cli/find-line.ts";
import { type LocalDay, MS_PER_DAY } from "../routing/dates.ts";
import type { RuleBook } from "../routing/decide.ts";
import type { Decision } from "../routing/decision.ts";
import { formatTimeOfDay } from "../routing/format-moment.ts";
import type { Party } from "../routing/party.ts";
import type { Line } from "../routing/rule.ts";
import { hoursOn, type Schedule } from "../routing/schedule.ts";
import { momentsOf, nextClockChange, wallTimeAt } from "../routing/time-zone.ts";
import { keyOf } from "../store/tables.ts";
import type { Desk } from "./desk.ts";
import { zoneOfBook } from "./line-book.ts";
import { type ApiRequest, required } from "./request.ts";
import type { Snapshot } from "./snapshot.ts";

/** A line and a caller on screen: how calls between them are decided, whenever they come. */
export class Outlook {
  readonly snapshot: Snapshot;
  readonly line: Line;
  readonly caller: Party;
  /** The rows that the calls touch. */
  readonly book: RuleBook;
  /** By whose wall the line lives. */
  readonly timeZone: string;
  /** When the caller leaves a list, in epoch milliseconds. */
  readonly listEdges: readonly number[];
  readonly #decider: Decider;
  /** The schedules that the line's rules name. */
  readonly schedules: readonly Schedule[];

  constructor(parts: Pick<Outlook, "snapshot" | "line" | "caller" | "book" | "listEdges">, decider: Decider) {
    this.snapshot = parts.snapshot;
    this.line = parts.line;
    this.caller = parts.caller;
    this.book = parts.book;
    this.listEdges = parts.listEdges;
    this.timeZone = zoneOfBook(parts.book);
    this.schedules = schedulesIn(parts.book);
    this.#decider = decider;
  }

  /** @param atMs epoch milliseconds */
  async decisionAt(atMs: number): Promise<Decision> {
    return (await this.decide(new Date(atMs))).decision;
  }

  /** The same, with the rows that were found for it: the lists that the caller is on then among them. */
  async decide(at: Date) {
    const { line, caller } = this;
    return await this.#decider.decide({ line, caller, at });
  }

  /** Dated rows that count on a day, by their names. */
  exceptionsOn(day: LocalDay): readonly string[] {
    const plans = this.schedules.map((schedule) => hoursOn(schedule, findIn(this.book), day));
    return [
      ...new Set(
        plans.flatMap((plan) => (plan.kind === "exception" ? [plan.exception.name ?? plan.exception.key] : [])),
      ),
    ];
  }

  /** That the clocks jump on a day, and how: `02:00-03:00 does not exist`. */
  clockChangeOn(day: LocalDay): string | undefined {
    const [startMs, endMs] = [this.startOf(day), this.startOf(day + 1)];
    const change = nextClockChange(this.timeZone, startMs - 1, (endMs - startMs) / MS_PER_DAY);
    if (change === undefined || change.atMs >= endMs) return undefined;
    const { msOfDay } = wallTimeAt(this.timeZone, change.atMs);
    return change.byMs > 0
      ? `${formatTimeOfDay(msOfDay - change.byMs)}-${formatTimeOfDay(msOfDay)} does not exist`
      : `${formatTimeOfDay(msOfDay)}-${formatTimeOfDay(msOfDay - change.byMs)} comes twice`;
  }

  /** When a day begins on the line's wall, in epoch milliseconds. */
  startOf(day: LocalDay): number {
    const midnight = momentsOf(this.timeZone, { day, msOfDay: 0 });
    if (midnight.kind === "once") return midnight.atMs;
    return midnight.kind === "twice" ? midnight.firstMs : midnight.jumpMs;
  }
}

function schedulesIn(book: RuleBook): readonly Schedule[] {
  const find = findIn(book);
  const named = book.partitions.flat().flatMap(({ enabled, schedule }): readonly Schedule[] => {
    const found = enabled && schedule !== undefined ? find(schedule.schedule) : undefined;
    return isSchedule(found) ? [found] : [];
  });
  return [...new Set(named)];
}

/** The outlook of the line and the caller that a request names. */
export async function outlookFor(desk: Desk, request: ApiRequest): Promise<Outlook> {
  return await openOutlook(desk, required(request, "line"), request.query.get("caller"));
}

/**
 * @param lineText an id, number or name
 * @param callerText as `ringroute explain --from` takes it; null for an ordinary caller
 */
export async function openOutlook(desk: Desk, lineText: string, callerText: string | null): Promise<Outlook> {
  const snapshot = await desk.snapshot();
  const line = findLine(lineText, snapshot.rows.Lines, desk.settings.region, "Line");
  const caller = desk.callerFrom(callerText, snapshot);
  const rows = caller.id === "" ? [] : await desk.rowsOfCaller(keyOf(caller.id));
  const decider = desk.deciderOver(snapshot, rows);
  const { found } = await decider.decide({ line, caller, at: desk.now });
  return new Outlook({ snapshot, line, caller, book: found.book, listEdges: listEdgesIn(rows) }, decider);
}
