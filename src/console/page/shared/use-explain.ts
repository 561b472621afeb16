import { useEffect, useRef, useState } from "preact/hooks";
import type { ExplainAnswer, ExplainRequest } from "../../api/calls.ts";
import { post, saysOf } from "./ask.ts";
import { NOW_EVERY_MS, useTurns } from "./use-surroundings.ts";

/** How a call would be decided, as far as it is known: the last explanation stays until the next one comes. */
export interface Explained {
  readonly answer?: ExplainAnswer;
  readonly fault?: string;
  readonly isBusy: boolean;
}

/**
 * Asks how a call would be decided; of a call that comes now, again and again.
 *
 * @param request undefined: nothing is asked yet
 * @param version asks again when the rows have changed
 */
export function useExplain(request: ExplainRequest | undefined, version: string | undefined): Explained {
  const [explained, setExplained] = useState<Explained>({ isBusy: false });
  const asked = request && JSON.stringify([request, version]);
  const lastAsked = useRef<string | undefined>(undefined);
  const turn = useTurns(request !== undefined && request.at === undefined ? NOW_EVERY_MS : undefined);
  // The text stands for the request.
  useEffect(() => {
    if (request === undefined) {
      setExplained({ isBusy: false });
      return;
    }
    const stop = new AbortController();
    // That time has passed is no reason to dim what is shown.
    if (asked !== lastAsked.current) setExplained(({ answer }) => ({ ...(answer && { answer }), isBusy: true }));
    lastAsked.current = asked;
    post<ExplainAnswer>("/api/explain", request, stop.signal).then(
      (answer) => setExplained({ answer, isBusy: false }),
      (thrown: unknown) => {
        if (!stop.signal.aborted) setExplained({ fault: saysOf(thrown), isBusy: false });
      },
    );
    return () => stop.abort();
  }, [asked, turn]);
  return explained;
}
