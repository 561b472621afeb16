import type { WeekAnswer } from "../../api/looking.ts";
import { formatZone } from "../shared/time.ts";

export type Day = WeekAnswer["days"][number];
export type Step = Day["steps"][number];

/** Quarters of an hour in a row to which the same happens. */
export interface Block {
  /** The first quarter of the day, counted from 0, and the one after the last. */
  readonly first: number;
  readonly end: number;
  /** Indexes of ways: none where the clocks jump over the block, two where it is lived twice. */
  readonly ways: readonly number[];
}

/** A day as a reader sees it: from one change to the next. */
export function blocksOf(steps: readonly Step[]): readonly Block[] {
  const blocks: Block[] = [];
  steps.forEach((step, index) => {
    const ways = step.map(({ way }) => way);
    const last = blocks.at(-1);
    if (last !== undefined && isSame(last.ways, ways)) blocks[blocks.length - 1] = { ...last, end: index + 1 };
    else blocks.push({ first: index, end: index + 1, ways });
  });
  return blocks;
}

/** The zone's short name, or those before and after the clocks jump: `PDT`, `PST`. */
export function zonesOf(steps: readonly Step[], timeZone: string): readonly string[] {
  const moments = steps.flat();
  const ends = [moments[0], moments.at(-1)].flatMap((each) => each ?? []);
  return [...new Set(ends.map(({ atMs }) => formatZone(atMs, timeZone)))];
}

function isSame(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((way, index) => way === other[index]);
}

/** The time on the wall at which a quarter begins; that after the last is `24:00`. */
export function clockOf(step: number): string {
  const twoDigits = (value: number) => String(value).padStart(2, "0");
  return `${twoDigits(Math.floor(step / 4))}:${twoDigits((step % 4) * 15)}`;
}
