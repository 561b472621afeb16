import { Edges } from "../book/edges.ts";
import { identityOf } from "../book/week.ts";
import { formatDay, type LocalDay, MS_PER_MINUTE } from "../routing/dates.ts";
import type { Decision } from "../routing/decision.ts";
import type { Rule } from "../routing/rule.ts";
import { wallTimeAt } from "../routing/time-zone.ts";
import type { CoverageAnswer } from "./api/looking.ts";
import { Breather } from "./breather.ts";
import { remarksOn } from "./coverage-remarks.ts";
import type { Desk } from "./desk.ts";
import { type Outlook, outlookFor } from "./outlook.ts";
import type { ApiRequest } from "./request.ts";
import { wayOf } from "./ways.ts";

/** A quarter of a year, from today on. */
const DAYS = 90;
/** Milliseconds that the remarks wait for a check of the rows; without it they are made of the last. */
const PATIENCE_MS = 2000;

/** A time in which calls go one way. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Index of the way. */
  readonly way: number;
}

/** Ninety days of a line for a caller: how long each way lasts on each day, and what is worth a look. */
export async function answerCoverage(desk: Desk, request: ApiRequest): Promise<CoverageAnswer> {
  const outlook = await outlookFor(desk, request);
  const { timeZone, snapshot } = outlook;
  await desk.checkedWithin(snapshot, PATIENCE_MS);
  const today = wallTimeAt(timeZone, desk.now.getTime()).day;
  const days = Array.from({ length: DAYS }, (_, index) => today + index);
  const breather = new Breather(request.signal);
  const limited = outlook.book.partitions
    .flat()
    .filter(({ enabled, fromMs, untilMs }) => enabled && (fromMs !== undefined || untilMs !== undefined));
  const { ways, spans } = await spansOf(outlook, outlook.startOf(today), outlook.startOf(today + DAYS), breather);
  const views: CoverageAnswer["days"][number][] = [];
  for (const day of days) {
    await breather.rest();
    views.push(dayView(day, outlook, limited, ways, spans));
  }
  return {
    timeZone,
    ways: ways.map((decision) => wayOf(decision, snapshot.names)),
    days: views,
    remarks: remarksOn(outlook, desk.findings(snapshot), days, views, ways, spans),
  };
}

/** Decides once at each moment at which something may change, which is all that a span needs. */
async function spansOf(outlook: Outlook, fromMs: number, untilMs: number, breather: Breather) {
  const ways: Decision[] = [];
  const indexes = new Map<string, number>();
  const spans: Span[] = [];
  const starts = [fromMs, ...new Edges(fromMs, untilMs).of(outlook.book, outlook.listEdges)];
  for (const [index, startMs] of starts.entries()) {
    await breather.rest();
    const decision = await outlook.decisionAt(startMs);
    const identity = identityOf(decision);
    const way = indexes.get(identity) ?? ways.push(decision) - 1;
    indexes.set(identity, way);
    const span = { fromMs: startMs, untilMs: starts[index + 1] ?? untilMs, way };
    const last = spans.at(-1);
    if (last?.way === way) spans.splice(-1, 1, { ...last, untilMs: span.untilMs });
    else spans.push(span);
  }
  return { ways, spans };
}

function dayView(
  day: LocalDay,
  outlook: Outlook,
  limited: readonly Rule[],
  ways: readonly Decision[],
  spans: readonly Span[],
) {
  const [startMs, endMs] = [outlook.startOf(day), outlook.startOf(day + 1)];
  const minutes: Record<number, number> = {};
  for (const { fromMs, untilMs, way } of spans) {
    const ms = Math.min(untilMs, endMs) - Math.max(fromMs, startMs);
    if (ms > 0) minutes[way] = (minutes[way] ?? 0) + ms / MS_PER_MINUTE;
  }
  const clockChange = outlook.clockChangeOn(day);
  return {
    day: formatDay(day),
    minutes,
    exceptions: outlook.exceptionsOn(day),
    ...(clockChange === undefined ? {} : { clockChange }),
    changes: changesOn(limited, outlook, startMs, endMs),
    onlyFallback: Object.keys(minutes).every((way) => !ringsByRule(ways[Number(way)])),
  };
}

/** Whether a row sends the call to somebody, rather than a fallback or nobody getting it. */
function ringsByRule(decision: Decision | undefined): boolean {
  return decision?.kind === "redirect" && decision.by.kind === "rule";
}

/** @param limited the rules that begin or lapse */
function changesOn(limited: readonly Rule[], { snapshot }: Outlook, startMs: number, endMs: number): string[] {
  const isWithin = (atMs: number | undefined) => atMs !== undefined && atMs >= startMs && atMs < endMs;
  return limited.flatMap(({ partition, name, fromMs, untilMs }) => {
    const rule = snapshot.names.rule(partition, name);
    return [...(isWithin(fromMs) ? [`${rule} begins`] : []), ...(isWithin(untilMs) ? [`${rule} lapses`] : [])];
  });
}
