import type { ExplainAnswer } from "../../api/calls.ts";
import { formatMoment } from "../shared/time.ts";
import { Swatch } from "../shared/way-mark.tsx";
import { marksOf, outcomeOf } from "../shared/ways.ts";

/** A decision as `ringroute explain` tells it. */
export function Verdict({ answer: { atMs, timeZone, remark, way, facts } }: { answer: ExplainAnswer }) {
  const [mark] = marksOf([way]);
  return (
    <section class="panel verdict" aria-labelledby="verdict">
      <h2 id="verdict" aria-live="polite">
        {mark && <Swatch mark={mark} />} {outcomeOf(way)}
      </h2>
      <p class="faint">
        by {way.by}, {formatMoment(atMs, timeZone)} in {timeZone}
      </p>
      {remark && <p class="note">{remark}</p>}
      <dl class="facts">
        {facts.map(([label, text]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** What is sent to Graph. */
export function GraphRequest({ request: { method, path, body } }: Pick<ExplainAnswer, "request">) {
  return (
    <section class="panel" aria-labelledby="sent">
      <h2 id="sent">Sent to Graph</h2>
      <p>
        <code>
          {method} {path}
        </code>
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section class="body" tabIndex={0} aria-label="The request's body">
        <pre>{JSON.stringify(body, null, 2)}</pre>
      </section>
    </section>
  );
}
