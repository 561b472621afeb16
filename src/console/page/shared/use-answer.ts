import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { AskFault, getAgain, type Marked, saysOf } from "./ask.ts";

/** An answer as far as it has come. */
export interface Answer<T> {
  /** The last one that came, while a newer one is under way too; of `path`, which may still be the one before. */
  readonly value?: T;
  readonly path?: string;
  /** When `value` came, in epoch milliseconds. */
  readonly atMs?: number;
  /** Why no newer one came. */
  readonly fault?: string;
  /** Whether `fault` is a refusal (4xx), so that `value` holds no longer; otherwise no answer can be had for now. */
  readonly isRefused?: boolean;
  readonly isBusy: boolean;
  /** Asks again at once. */
  readonly again: () => void;
}

type Held<T> = Omit<Answer<T>, "again">;

interface Remembered<T = unknown> extends Marked<T> {
  readonly atMs: number;
  readonly version: string | undefined;
}

/** A view that is opened again shows what it showed, until the answer comes. */
const remembered = new Map<string, Remembered>();
const MOST_REMEMBERED = 24;
/** So long an answer serves a view that is opened again, where no row has changed since. */
const FRESH_MS = 30_000;
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 15_000;

export interface AskOptions {
  /** Asks again so often while the page is visible; absent: once. */
  readonly everyMs?: number;
  /** Asks again whenever it changes: `StateAnswer.version` for what is made of the rows. */
  readonly version?: string | undefined;
}

/**
 * What the server answers to a path, kept up to date. What cannot be had is tried again, at first after a second and then
 * less often, with the last answer kept; what the server refuses (4xx) is not.
 *
 * @param path undefined: nothing is asked yet
 */
export function useAnswer<T>(path: string | undefined, { everyMs, version }: AskOptions = {}): Answer<T> {
  const [held, setHeld] = useState<Held<T>>(() => recall(path));
  const [turn, setTurn] = useState(0);
  const again = useCallback(() => setTurn((count) => count + 1), []);
  const asked = useRef<string | undefined>(undefined);
  const revision = useRevision(version);

  useEffect(() => {
    if (path === undefined) {
      setHeld({ isBusy: false });
      return;
    }
    if (asked.current !== path) {
      asked.current = path;
      setHeld((last) => (remembered.has(path) ? recall(path) : { ...withoutFault(last), isBusy: true }));
    }
    if (everyMs === undefined && turn === 0 && isFresh(path, version)) {
      setHeld({ ...recall(path), isBusy: false });
      return;
    }
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;

    const next = (afterMs: number) => {
      clearTimeout(timer);
      timer = setTimeout(turnOver, afterMs);
    };
    const turnOver = async () => {
      if (document.hidden) return;
      try {
        const { value, etag } = await getAgain(path, rememberedAt<T>(path), stop.signal);
        failures = 0;
        const atMs = Date.now();
        remember(path, { value, etag, atMs, version });
        setHeld({ value, path, atMs, isBusy: false });
        if (everyMs !== undefined) next(everyMs);
      } catch (thrown) {
        if (stop.signal.aborted) return;
        const isRefused = thrown instanceof AskFault && thrown.isRefusal;
        if (isRefused) remembered.delete(path);
        setHeld((last) => ({ ...last, fault: saysOf(thrown), isRefused, isBusy: false }));
        if (isRefused && everyMs === undefined) return;
        next(Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures++));
      }
    };
    const onVisible = () => {
      if (!document.hidden) next(0);
    };
    document.addEventListener("visibilitychange", onVisible);
    void turnOver();
    return () => {
      stop.abort();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisible);
    };
  }, [path, everyMs, revision, turn]);

  return { ...held, again };
}

/** Counts changes of the version; that it becomes known is none. */
function useRevision(version: string | undefined): number {
  const last = useRef({ version, revision: 0 });
  if (last.current.version !== version) {
    const { version: before, revision } = last.current;
    last.current = { version, revision: before === undefined ? revision : revision + 1 };
  }
  return last.current.revision;
}

function isFresh(path: string, version: string | undefined): boolean {
  const last = remembered.get(path);
  return last !== undefined && version !== undefined && last.version === version && Date.now() - last.atMs < FRESH_MS;
}

function recall<T>(path: string | undefined): Held<T> {
  const last = path === undefined ? undefined : rememberedAt<T>(path);
  if (path === undefined || last === undefined) return { isBusy: path !== undefined };
  return { value: last.value, atMs: last.atMs, path, isBusy: true };
}

/** What stands under a path was answered to it, so it has the type that its view asks for. */
function rememberedAt<T>(path: string): Remembered<T> | undefined {
  return remembered.get(path) as Remembered<T> | undefined;
}

function remember(path: string, answer: Remembered): void {
  remembered.delete(path);
  remembered.set(path, answer);
  const [oldest] = remembered.keys();
  if (remembered.size > MOST_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
}

function withoutFault<T>({ fault: _, isRefused: __, ...others }: Held<T>): Held<T> {
  return others;
}
