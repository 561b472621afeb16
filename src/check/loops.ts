import type { Line } from "../routing/rule.ts";
import { type Finding, nameOfLine } from "./finding.ts";
import type { Hop, Hops } from "./hops.ts";
import type { Steps } from "./steps.ts";

/** Loops told, and ways followed in search of them, at most: what is left shows once these are mended. */
const MOST_LOOPS = 100;
const MOST_FOLLOWED = 10_000_000;
/** Lines of one loop that are named. */
const MOST_NAMED = 10;

/** A way from a line, hop by hop, back to it. */
interface Loop {
  readonly start: Line;
  readonly hops: readonly Hop[];
}

/** Lines that send calls to one another in a circle: one shortest way round for each line that stands on one. */
export function* findLoops(lines: readonly Line[], hops: Hops): Steps<readonly Finding[]> {
  const ways = new Map<string, readonly Hop[]>();
  for (const line of lines) {
    ways.set(line.id, hops.from(line));
    yield;
  }
  const onLoops = new Set<string>();
  const findings: Finding[] = [];
  const leading = [...(yield* leadingOn(ways))].sort();
  const search = { followed: 0 };
  const starts = new Map(lines.map((line) => [line.id, line]));
  // Loops that no call escapes come first, so that none hides behind one that is only possible.
  for (const always of [true, false]) {
    const used = always ? alwaysTaken(ways) : ways;
    for (const id of leading) {
      const start = starts.get(id);
      if (start === undefined || onLoops.has(id) || findings.length >= MOST_LOOPS) continue;
      if (search.followed > MOST_FOLLOWED) return findings;
      const way = yield* shortestWayBack(id, used, search);
      if (way === undefined) continue;
      for (const { to } of way) onLoops.add(to.id);
      findings.push(findingOf({ start, hops: way }));
    }
  }
  return findings;
}

function alwaysTaken(ways: ReadonlyMap<string, readonly Hop[]>): Map<string, readonly Hop[]> {
  return new Map([...ways].map(([id, hops]) => [id, hops.filter(({ when }) => when.length === 0)]));
}

/** Lines from which calls go on and on: those that lead nowhere, or only to such, are taken away. */
function* leadingOn(ways: ReadonlyMap<string, readonly Hop[]>): Steps<ReadonlySet<string>> {
  const left = new Map([...ways].map(([id, hops]) => [id, new Set(hops.map(({ to }) => to.id)).size]));
  const arrivals = new Map<string, Set<string>>();
  for (const [id, hops] of ways) {
    for (const { to } of hops) {
      const from = arrivals.get(to.id) ?? new Set<string>();
      arrivals.set(to.id, from.add(id));
    }
    yield;
  }
  const ends = [...left].flatMap(([id, count]) => (count === 0 ? [id] : []));
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
    yield;
    left.delete(end);
    for (const id of arrivals.get(end) ?? []) {
      const count = (left.get(id) ?? 0) - 1;
      left.set(id, count);
      if (count === 0) ends.push(id);
    }
  }
  return new Set([...left.keys()].filter((id) => arrivals.has(id)));
}

/** @param search counts the hops that are followed */
function* shortestWayBack(
  start: string,
  ways: ReadonlyMap<string, readonly Hop[]>,
  search: { followed: number },
): Steps<readonly Hop[] | undefined> {
  const reached = new Map<string, readonly [from: string, hop: Hop]>();
  let edge = [start];
  while (edge.length > 0) {
    const next: string[] = [];
    for (const from of edge) {
      yield;
      for (const hop of ways.get(from) ?? []) {
        const { id } = hop.to;
        search.followed++;
        if (reached.has(id)) continue;
        reached.set(id, [from, hop]);
        if (id === start) return wayBack(start, reached);
        next.push(id);
      }
    }
    edge = next;
  }
  return undefined;
}

function wayBack(start: string, reached: ReadonlyMap<string, readonly [from: string, hop: Hop]>): readonly Hop[] {
  const hops: Hop[] = [];
  let at = start;
  do {
    const [from, hop] = reached.get(at) ?? [];
    if (from === undefined || hop === undefined) break;
    hops.unshift(hop);
    at = from;
  } while (at !== start);
  return hops;
}

function findingOf({ start, hops }: Loop): Finding {
  const [first] = hops;
  if (first === undefined) throw new TypeError("a loop has a hop");
  const lines = [start, ...hops.map(({ to }) => to)];
  const isLong = hops.length > MOST_NAMED;
  const names = isLong
    ? [...lines.slice(0, MOST_NAMED).map(nameOfLine), "...", nameOfLine(start)]
    : lines.map(nameOfLine);
  const always = hops.every(({ when }) => when.length === 0);
  const steps = hops.slice(0, MOST_NAMED).map(({ by, when, to }, index) => {
    const conditions = when.length === 0 ? "" : ` when ${when.join(" and ")}`;
    return `${names[index]} -> ${nameOfLine(to)} by ${by}${conditions}`;
  });
  const way = names.join(" -> ");
  return {
    severity: always ? "error" : "warning",
    kind: "loop",
    ...first.place,
    found: way,
    says: `Calls ${always ? "" : "can "}go round ${way}: ${steps.join("; ")}${isLong ? "; and so on" : ""}.`,
    remedy: "Let one of these rows ring somebody who is no line.",
  };
}
