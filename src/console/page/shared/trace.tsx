import type { ExplainAnswer } from "../../api/calls.ts";
import { linkTo } from "./route.ts";
import "./trace.css";

/** So many rules are named that were not asked any more, as `ringroute explain` has it. */
const MOST_NAMED = 12;

/**
 * The rules in the order of decision, each with why it did not apply; the one that decides stands out, and those after
 * it, which were not asked any more, share a line.
 */
export function Trace({ answer: { rules, dropped } }: { answer: ExplainAnswer }) {
  if (rules.length === 0) return <p class="faint">No rule stands for this call.</p>;
  const deciding = rules.findIndex(({ decides }) => decides);
  const asked = deciding < 0 ? rules : rules.slice(0, deciding + 1);
  const others = rules.slice(asked.length).map(({ name }) => name);
  const more = others.length > MOST_NAMED ? ` and ${others.length - MOST_NAMED} more` : "";
  return (
    <>
      <ol class="trace">
        {asked.map(({ row: { partitionKey, rowKey }, name, says, decides }) => (
          <li
            key={`${partitionKey}/${rowKey}`}
            class={decides ? "decides" : ""}
            aria-current={decides ? "step" : undefined}
          >
            <a href={linkTo("rows", { table: "Routes", partition: partitionKey, row: rowKey })}>{name}</a> {says}
          </li>
        ))}
      </ol>
      {others.length > 0 && (
        <p class="faint">
          Not asked any more: {others.slice(0, MOST_NAMED).join(", ")}
          {more}.
        </p>
      )}
      {dropped.map((sentence) => (
        <p key={sentence} class="note">
          {sentence}
        </p>
      ))}
    </>
  );
}
