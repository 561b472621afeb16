import type { ExplainAnswer, LineView } from "../../api.ts";
import { nameOfRule } from "./lines.ts";
import { linkTo } from "./route.ts";
import "./trace.css";

/** The rules in the order of decision, each with why it did not apply; the one that decides stands out. */
export function Trace({ answer, lines }: { answer: ExplainAnswer; lines: readonly LineView[] }) {
  const { rules, dropped } = answer;
  if (rules.length === 0) return <p class="faint">No rule stands for this call.</p>;
  return (
    <>
      <ol class="trace">
        {rules.map(({ row: { partitionKey, rowKey }, says, decides }) => (
          <li
            key={`${partitionKey}/${rowKey}`}
            class={decides ? "decides" : ""}
            aria-current={decides ? "step" : undefined}
          >
            <a href={linkTo("rows", { table: "Routes", partition: partitionKey, row: rowKey })}>
              {nameOfRule({ partitionKey, rowKey }, lines)}
            </a>{" "}
            {says}
          </li>
        ))}
      </ol>
      {dropped.map((sentence) => (
        <p key={sentence} class="note">
          {sentence}
        </p>
      ))}
    </>
  );
}
