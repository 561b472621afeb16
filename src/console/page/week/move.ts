import { blocksOf, type Day } from "./blocks.ts";

/** A quarter of an hour of the week on screen. */
export interface Cell {
  readonly day: number;
  readonly step: number;
}

/**
 * Where a key leads from a cell: arrows to the quarter or the day beside it, Page Up and Down to where something else happens, Home
 * and End to the ends of the day. Undefined for any other key.
 */
export function moveFrom({ day, step }: Cell, key: string, days: readonly Day[]): Cell | undefined {
  const steps = days[day]?.steps ?? [];
  const lastStep = steps.length - 1;
  switch (key) {
    case "ArrowLeft":
      return { day: Math.max(0, day - 1), step };
    case "ArrowRight":
      return { day: Math.min(days.length - 1, day + 1), step };
    case "ArrowUp":
      return { day, step: Math.max(0, step - 1) };
    case "ArrowDown":
      return { day, step: Math.min(lastStep, step + 1) };
    case "PageUp":
      return { day, step: blocksOf(steps).findLast(({ first }) => first < step)?.first ?? 0 };
    case "PageDown":
      return { day, step: blocksOf(steps).find(({ first }) => first > step)?.first ?? lastStep };
    case "Home":
      return { day, step: 0 };
    case "End":
      return { day, step: lastStep };
    default:
      return undefined;
  }
}
