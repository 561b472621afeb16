import type { RingProgress } from "../../api/calls.ts";

/** Steps that nobody wants to see. */
const TROUBLES: ReadonlySet<RingProgress["steps"][number]["name"]> = new Set(["refused", "unanswered", "failed"]);

/** A call's steps with their milliseconds, and below each other as parts of the whole time. */
export function Timeline({ progress: { steps, finished, trouble } }: { progress: RingProgress }) {
  const lastMs = Math.max(1, ...steps.map(({ ms }) => ms));
  return (
    <>
      <ol class="timeline" aria-live="polite" aria-label="What has happened to the call">
        {steps.map(({ name, ms, says }, index) => (
          <li key={`${name} ${countBefore(steps, index)}`} class={TROUBLES.has(name) ? "step-trouble" : `step-${name}`}>
            <span class="step-ms">{Math.round(ms)} ms</span>
            <span class="step-bar" aria-hidden="true">
              <span style={{ width: `${(ms / lastMs) * 100}%` }} />
            </span>
            <span>
              {TROUBLES.has(name) && <span aria-hidden="true">✕ </span>}
              <strong>{name}</strong> <span class="faint">{says}</span>
            </span>
          </li>
        ))}
      </ol>
      {trouble && <p class="note">{trouble}</p>}
      <p class="faint">{finished ? "Milliseconds since the call was placed." : "The call is still under way…"}</p>
    </>
  );
}

/** How often a step of the same name stands before this one: claim and decision are told late, and come in between. */
function countBefore(steps: RingProgress["steps"], index: number): number {
  return steps.slice(0, index).filter(({ name }) => name === steps[index]?.name).length;
}
