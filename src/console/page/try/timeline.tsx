import type { RingProgress } from "../../api.ts";

/** A call's steps with their milliseconds, and below each other as parts of the whole time. */
export function Timeline({ progress: { steps, finished } }: { progress: RingProgress }) {
  const lastMs = Math.max(1, ...steps.map(({ ms }) => ms));
  return (
    <>
      <ol class="timeline" aria-live="polite" aria-label="What has happened to the call">
        {steps.map(({ name, ms, says }) => (
          <li key={name} class={`step-${name}`}>
            <span class="step-ms">{Math.round(ms)} ms</span>
            <span class="step-bar" aria-hidden="true">
              <span style={{ width: `${(ms / lastMs) * 100}%` }} />
            </span>
            <span>
              <strong>{name}</strong> <span class="faint">{says}</span>
            </span>
          </li>
        ))}
      </ol>
      <p class="faint">{finished ? "Milliseconds since the call was placed." : "The call is still under way…"}</p>
    </>
  );
}
