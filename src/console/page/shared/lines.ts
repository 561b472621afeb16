import { formatInternational } from "../../../routing/phone-number.ts";
import type { LineAnswer, LinesAnswer, LineView } from "../../api/looking.ts";
import { pathOf } from "./ask.ts";
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

/** The line that an address or a person names, as far as it is known. */
export interface NamedLine {
  readonly line?: LineAnswer;
  /** Why it is none: nothing is called so, or several lines are. */
  readonly fault?: string;
}

/** The line of a text, which the server finds as every command does. @param text undefined: none is meant */
export function useLine(text: string | undefined): NamedLine {
  const path = text && pathOf("/api/line", { line: text });
  const answer = useAnswer<LineAnswer>(path, { version: useConsoleState()?.version });
  const { value, fault, isRefused = false } = answer;
  // A line that was found stays on screen while the server cannot be reached, but not when it is found no longer.
  if (answer.path === path && value !== undefined && !isRefused) return { line: value };
  return fault === undefined ? {} : { fault };
}

/** What tells a line from others beside its label: its number, name or id, whichever the label is not. */
export function besideLabel({ id, label, name, number }: LineView): string | undefined {
  const others = [number && formatInternational(number), name, formatInternational(id)];
  return others.find((each) => each !== undefined && each !== label);
}
