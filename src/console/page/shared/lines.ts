import { formatInternational } from "../../../routing/phone-number.ts";
import type { RowKeys } from "../../../store/layouts.ts";
import type { LinesAnswer, LineView } from "../../api.ts";
import { useConsoleState } from "./state.ts";
import { type Answer, useAnswer } from "./use-answer.ts";

/**
 * Every line, as an ordinary caller meets it now.
 *
 * @param everyMs absent: asked again only when rows have changed, which will do where only names matter
 */
export function useLines(everyMs?: number): Answer<LinesAnswer> {
  const version = useConsoleState()?.version;
  return useAnswer<LinesAnswer>("/api/lines", { version, ...(everyMs !== undefined && { everyMs }) });
}

/** A line as people name it. */
export function nameOfLine({ id, name, number }: Pick<LineView, "id" | "name" | "number">): string {
  return name ?? (number === undefined ? id : formatInternational(number));
}

/** A rule as people name it: `Support/day`. */
export function nameOfRule({ partitionKey, rowKey }: RowKeys, lines: readonly LineView[]): string {
  const named = [partitionKey, rowKey].map((key) => {
    const line = lines.find(({ id }) => id === key);
    return line === undefined ? key : nameOfLine(line);
  });
  return named.join("/");
}

/** A line by what an address or a person calls it: its id, number or name. */
export function findLine(lines: readonly LineView[], text: string): LineView | undefined {
  const typed = text.trim().toLowerCase();
  return lines.find(({ id, name, number }) => id === typed || number === typed || name?.toLowerCase() === typed);
}
