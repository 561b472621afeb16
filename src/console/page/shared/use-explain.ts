import { useEffect, useState } from "preact/hooks";
import type { ExplainAnswer, ExplainRequest } from "../../api.ts";
import { post, saysOf } from "./ask.ts";

/** How a call would be decided, as far as it is known: the last explanation stays until the next one comes. */
export interface Explained {
  readonly answer?: ExplainAnswer;
  readonly fault?: string;
  readonly isBusy: boolean;
}

/**
 * Asks how a call would be decided.
 *
 * @param request undefined: nothing is asked yet
 * @param version asks again when the rows have changed
 */
export function useExplain(request: ExplainRequest | undefined, version: string | undefined): Explained {
  const [explained, setExplained] = useState<Explained>({ isBusy: false });
  const asked = request && JSON.stringify([request, version]);
  // The text stands for the request.
  useEffect(() => {
    if (request === undefined) {
      setExplained({ isBusy: false });
      return;
    }
    const stop = new AbortController();
    setExplained(({ answer }) => ({ ...(answer && { answer }), isBusy: true }));
    post<ExplainAnswer>("/api/explain", request, stop.signal).then(
      (answer) => setExplained({ answer, isBusy: false }),
      (thrown: unknown) => {
        if (!stop.signal.aborted) setExplained({ fault: saysOf(thrown), isBusy: false });
      },
    );
    return () => stop.abort();
  }, [asked]);
  return explained;
}
