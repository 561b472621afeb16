import { useEffect, useState } from "preact/hooks";

/** Below it the page is one column; the style sheet has the same. */
export const NARROW = "(max-width: 760px)";

/** Whether a media query holds at present. */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const onChange = () => setHolds(list.matches);
    onChange();
    list.addEventListener("change", onChange);
    return () => list.removeEventListener("change", onChange);
  }, [query]);
  return holds;
}

/** How often what is said of now is asked for again: time changes it without any change of rows. */
export const NOW_EVERY_MS = 20_000;

/** Milliseconds since 1970, anew every so often, for ages and the line of now. */
export function useNow(everyMs: number): number {
  const [nowMs, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}

/** A number that is another one every so often while the page is visible, for what is asked again. @param everyMs absent: never */
export function useTurns(everyMs: number | undefined): number {
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (everyMs === undefined) return;
    const turnOver = () => {
      if (!document.hidden) setTurn((count) => count + 1);
    };
    const timer = setInterval(turnOver, everyMs);
    document.addEventListener("visibilitychange", turnOver);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", turnOver);
    };
  }, [everyMs]);
  return turn;
}

/** A value once it has stayed the same for a while: what is pointed at, where a hand has stopped. */
export function useSettled<T extends string | number | undefined>(value: T, forMs: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), forMs);
    return () => clearTimeout(timer);
  }, [value, forMs]);
  return settled;
}
