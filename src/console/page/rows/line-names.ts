import { useMemo } from "preact/hooks";
import { nameOfLine, useLines } from "../shared/lines.ts";

/** What people call each line, by its id: partitions of Routes and overrides are keyed by it. */
export function useLineNames(): ReadonlyMap<string, string> {
  const lines = useLines().value?.lines;
  return useMemo(() => new Map(lines?.map((line) => [line.id, nameOfLine(line)])), [lines]);
}
