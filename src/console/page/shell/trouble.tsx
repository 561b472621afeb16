import type { StateAnswer } from "../../api/looking.ts";
import { formatMoment, formatSpan } from "../shared/time.ts";
import type { Answer } from "../shared/use-answer.ts";
import { useNow } from "../shared/use-surroundings.ts";

/** Says when what is on screen is no longer what the tables hold: they cannot be read, or nobody is there to read them. */
export function Trouble({ answer: { value, fault } }: { answer: Answer<StateAnswer> }) {
  const trouble = fault ?? (value?.trouble === undefined ? undefined : `The tables cannot be read: ${value.trouble}`);
  // The place of an alert stands before there is one, so that screen readers hear of it.
  return (
    <div role="alert">
      {trouble !== undefined && (
        <div class="trouble">
          <p>
            <strong>{trouble}</strong>
          </p>
          {value && <AgeOfRows readAtMs={value.readAtMs} />}
        </div>
      )}
    </div>
  );
}

/** Only for the eye: an alert that changed every second would be read out every second. */
function AgeOfRows({ readAtMs }: { readAtMs: number }) {
  const nowMs = useNow(1000);
  return (
    <p>
      What is shown was read at {formatMoment(readAtMs)}
      <span aria-hidden="true">, {formatSpan(nowMs - readAtMs)} ago</span>. It is being tried again.
    </p>
  );
}
