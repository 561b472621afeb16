import { useEffect, useState } from "preact/hooks";
import type { RingAnswer, RingProgress } from "../../api/calls.ts";
import { get, post, saysOf } from "../shared/ask.ts";
import { Timeline } from "./timeline.tsx";

const POLL_MS = 150;

/** A call through the simulator of the local stack, rung for real and followed to its end. It rings now, whatever moment is tried. */
export function LiveCall({ line, caller }: { line: string; caller: string }) {
  const [callId, setCallId] = useState<string>();
  const [isPlacing, setPlacing] = useState(false);
  const [placingFault, setPlacingFault] = useState<string>();
  const { progress, fault: followingFault } = useProgress(callId);
  const fault = placingFault ?? followingFault;
  const isLive = isPlacing || (callId !== undefined && progress?.finished !== true && fault === undefined);

  const ring = async () => {
    setPlacing(true);
    setPlacingFault(undefined);
    try {
      setCallId((await post<RingAnswer>("/api/ring", { line, caller })).callId);
    } catch (thrown) {
      setPlacingFault(saysOf(thrown));
    }
    setPlacing(false);
  };
  return (
    <section class="panel live" aria-labelledby="live">
      <header>
        <h2 id="live">On the local stack</h2>
        <button type="button" class="primary" disabled={isLive} onClick={ring}>
          {isLive ? "Ringing…" : "Ring it now"}
        </button>
      </header>
      {fault && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      {progress ? (
        <Timeline progress={progress} />
      ) : (
        <p class="faint">The simulator places the call, and the app that runs here decides it.</p>
      )}
    </section>
  );
}

/** How far a call has come, asked again until it has ended. */
function useProgress(callId: string | undefined): { readonly progress?: RingProgress; readonly fault?: string } {
  const [held, setHeld] = useState<{ readonly progress?: RingProgress; readonly fault?: string }>({});
  useEffect(() => {
    setHeld({});
    if (callId === undefined) return;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const poll = async () => {
      try {
        const progress = await get<RingProgress>(`/api/ring/${encodeURIComponent(callId)}`, stop.signal);
        setHeld({ progress });
        if (!progress.finished) timer = setTimeout(poll, POLL_MS);
      } catch (thrown) {
        if (!stop.signal.aborted) setHeld((last) => ({ ...last, fault: saysOf(thrown) }));
      }
    };
    void poll();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [callId]);
  return held;
}
