import { quantile } from "../figures.ts";
import type { Child } from "../stage/child.ts";
import type { Stage } from "../stage/stage.ts";
import { type Post, postCalls } from "./posts.ts";

/** Who is measured: a process that takes posts at its webhook. */
export interface Contender {
  readonly name: string;
  readonly process: Child;
  /** False: it only answers, so that its latency ends with the answer. */
  readonly redirects: boolean;
}

/** What one contender did in one round. */
export interface Round {
  readonly redirectMs: number;
  readonly redirectP99Ms: number;
  readonly answerMs: number;
  readonly postsPerSecond: number;
  /** Of the contender's own process, and of Azurite's. */
  readonly cpuMsPerPost: number;
  readonly tablesCpuMsPerPost: number;
}

/** As many of the platform's servers post at once, each with a token of its own. */
const TOKENS = 16;

/** Empties what the contenders write to, so that none pays for the rows of those before it. */
export async function emptyTables(stage: Stage): Promise<void> {
  await stage.emptyTable("Calls");
  await stage.emptyTable("Floor");
}

/**
 * Posts calls to a contender for some seconds.
 *
 * @throws Error when an answer was not 202, or a call was not redirected exactly once
 */
export async function measureRound(
  stage: Stage,
  { name, process, redirects }: Contender,
  connections: number,
  seconds: number,
): Promise<Round> {
  const tokens = await stage.tokens(TOKENS);
  await emptyTables(stage);
  const posts: Post[] = [];
  const used = async () => [(await process.usage()).cpuMs, (await stage.tables.usage()).cpuMs] as const;
  const [cpuBefore, tablesBefore] = await used();
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1000;
  await postCalls({
    url: `${process.url}/api/calls`,
    connections,
    tokens,
    isWanted: () => performance.now() < endsAt,
    onPost: (post) => posts.push(post),
  });
  const elapsedMs = performance.now() - startedAt;
  const [cpuMs, tablesMs] = await used();
  const arrivals = await stage.arrivals();
  const refused = posts.filter(({ status }) => status !== 202);
  if (refused.length > 0) throw new Error(`${name} answered ${refused.length} posts with ${refused[0]?.status}`);
  const arrivedMs = ({ callId, answeredMs }: Post): number => {
    const atMs = redirects ? arrivals.get(callId) : answeredMs;
    if (atMs === undefined) throw new Error(`${name} did not redirect call ${callId}`);
    return atMs;
  };
  if (redirects && arrivals.size !== posts.length) throw new Error(`${name} redirected calls that nobody made`);
  // The platform keeps its connections, so that opening one is no part of a call.
  const kept = posts.filter(({ opened }) => !opened);
  const latencies = kept.map((post) => arrivedMs(post) - post.sentMs);
  return {
    redirectMs: quantile(latencies, 0.5),
    redirectP99Ms: quantile(latencies, 0.99),
    answerMs: quantile(
      kept.map(({ sentMs, answeredMs }) => answeredMs - sentMs),
      0.5,
    ),
    postsPerSecond: (posts.length * 1000) / elapsedMs,
    cpuMsPerPost: (cpuMs - cpuBefore) / posts.length,
    tablesCpuMsPerPost: (tablesMs - tablesBefore) / posts.length,
  };
}
