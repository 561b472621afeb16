import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { StateAnswer } from "../../api/looking.ts";

/** What the shell knows of the server; null until the first answer. Its `version` tells when rows have changed. */
export const ConsoleState = createContext<StateAnswer | null>(null);

export function useConsoleState(): StateAnswer | null {
  return useContext(ConsoleState);
}
