import { stretch } from "./distribution.ts";
import { DOCUMENTED } from "./limits.ts";
import { type Answer, ask, SETTINGS } from "./questions.ts";
import type { Scenario, Times } from "./simulate.ts";

/** One answer again, with one assumption or setting changed. */
export interface Doubt {
  readonly change: string;
  readonly answer: Answer;
}

/** A thousand calls at 09:00:00 with one always-ready instance, and what it would be if we are wrong. */
export function doubt(seed: number, times: Times): readonly Doubt[] {
  const question = { load: "burst", rate: 1000, setting: SETTINGS.graphAside, alwaysReady: 1 } as const;
  const { platformStartMs, graphMs } = times;
  const changes: readonly (readonly [string, Partial<Scenario>])[] = [
    ["as assumed", {}],
    ["one new instance a second", { instancesPerSecond: 1 }],
    ["instances start half as fast", { times: { ...times, platformStartMs: stretch(platformStartMs, 2) } }],
    ["Graph is half as fast", { times: { ...times, graphMs: stretch(graphMs, 2) } }],
    ["16 requests at once on an instance, Azure's own for 2,048 MB", { concurrency: DOCUMENTED.concurrency.value }],
  ];
  return changes.map(([change, changed]) => ({ change, answer: ask(seed, times, question, changed) }));
}
