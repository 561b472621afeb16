import { Edges } from "../book/edges.ts";
import { MS_PER_DAY } from "../routing/dates.ts";
import type { Party } from "../routing/party.ts";
import type { Line } from "../routing/rule.ts";
import type { NextAnswer } from "./api/looking.ts";
import { Breather } from "./breather.ts";
import type { Desk } from "./desk.ts";
import { decideUnlisted } from "./line-book.ts";
import { Refused } from "./refused.ts";
import { type ApiRequest, required } from "./request.ts";
import type { Snapshot } from "./snapshot.ts";
import { wayOf } from "./ways.ts";

/** How far to look, and for how many lines at once: more than a screen shows. */
const DAYS_AHEAD = 60;
const MOST_LINES = 200;

/** What changes next for an ordinary caller, line by line. Lines that nobody knows are left out. */
export async function answerNext(desk: Desk, request: ApiRequest): Promise<NextAnswer> {
  const ids = required(request, "lines").split(",");
  if (ids.length > MOST_LINES) throw new Refused(400, `Ask for ${MOST_LINES} lines at most.`);
  const snapshot = await desk.snapshot();
  const caller = desk.callerFrom(null, snapshot);
  const atMs = desk.now.getTime();
  const edges = new Edges(atMs, atMs + DAYS_AHEAD * MS_PER_DAY);
  const scene: Scene = { desk, snapshot, caller, edges, atMs, breather: new Breather(request.signal) };
  const next: [id: string, change: NextAnswer["next"][string]][] = [];
  for (const id of ids) {
    const line = snapshot.directory.lineAt({ kind: "applicationInstance", id });
    await scene.breather.rest();
    if (line !== undefined) next.push([id, await nextOf(line, scene)]);
  }
  return { next: Object.fromEntries(next) };
}

/** What is the same for all lines. */
interface Scene {
  readonly desk: Desk;
  readonly snapshot: Snapshot;
  readonly caller: Party;
  readonly edges: Edges;
  readonly atMs: number;
  readonly breather: Breather;
}

async function nextOf(line: Line, scene: Scene): Promise<NextAnswer["next"][string]> {
  const { desk, snapshot, caller, edges, breather } = scene;
  const book = snapshot.lineBook(line);
  const wayAt = (atMs: number) => wayOf(decideUnlisted(line, caller, book, desk.settings, atMs), snapshot.names);
  const now = wayAt(scene.atMs).id;
  for (const atMs of edges.of(book)) {
    await breather.rest();
    const way = wayAt(atMs);
    if (way.id !== now) return { atMs, way };
  }
  return null;
}
