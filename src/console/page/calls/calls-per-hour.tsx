import uPlot from "uplot";
import { type Fate, isFailed } from "../../../cli/calls/calls-fate.ts";
import type { CallView } from "../../api/calls.ts";
import { Table } from "../shared/table.tsx";
import { formatClock, formatMoment, READERS_ZONE } from "../shared/time.ts";
import { bucketsOf, type TimeBuckets } from "./buckets.ts";
import { axesOf, Chart, stripes } from "./chart.tsx";
import { classOf, fatesIn } from "./fates.ts";

/** How many calls came each hour, or each day of a long span, stacked by what became of them. */
export function CallsPerHour({ calls }: { calls: readonly CallView[] }) {
  const { unit, buckets } = bucketsOf(calls);
  const fates = fatesIn(calls);
  const title = `Calls per ${unit}, by outcome`;
  return (
    <figure class="panel figure">
      <figcaption>
        <h2>{title}</h2>
        <ul class="fates" aria-label="Outcomes">
          {fates.map((fate) => (
            <li key={fate}>
              <span class={`fate-patch ${classOf(fate)}`} aria-hidden="true" /> {fate}
            </li>
          ))}
        </ul>
      </figcaption>
      <Chart
        label={`${title}; the same numbers stand in the table below`}
        data={[buckets.map((_, index) => index), ...stackedCounts(buckets, fates)]}
        optionsOf={(colourOf) => ({
          legend: { show: false },
          cursor: { show: false },
          scales: {
            x: { time: false, range: [-0.5, Math.max(buckets.length, MOST_WIDE) - 0.5] },
            y: { range: (_, __, most) => [0, Math.max(4, most * 1.05)] },
          },
          axes: axesOf(colourOf, (index) => labelOf(buckets[index]?.startMs, unit)),
          series: [
            {},
            ...fates.toReversed().map((fate) => {
              const colour = colourOf(classOf(fate));
              return {
                fill: (plot: uPlot) => (isFailed(fate) ? stripes(plot, colour, colourOf("chart-ground")) : colour),
                stroke: colour,
                width: 1,
                points: { show: false },
                ...(bars && { paths: bars }),
              };
            }),
          ],
        })}
      />
      <details class="as-table">
        <summary>Calls per {unit} as a table</summary>
        <div class="scroll">
          <Table
            caption={`${title}; times in ${READERS_ZONE}`}
            rows={buckets}
            keyOf={({ startMs }) => String(startMs)}
            columns={[
              { heading: unit === "hour" ? "Hour from" : "Day from", cell: ({ startMs }) => formatMoment(startMs) },
              ...fates.map((fate) => ({
                heading: fate,
                cell: ({ counts }: TimeBuckets["buckets"][number]) => counts.get(fate) ?? 0,
                isNumber: true,
              })),
            ]}
          />
        </div>
      </details>
    </figure>
  );
}

/** A few bars are drawn as narrow as if there were so many. */
const MOST_WIDE = 6;
const bars = uPlot.paths.bars?.({ size: [0.7, 56], align: 0 });

/** The tallest first, since each bar is drawn over the ones before it. */
function stackedCounts(buckets: TimeBuckets["buckets"], fates: readonly Fate[]): number[][] {
  return fates
    .map((_, last) =>
      buckets.map(({ counts }) => fates.slice(0, last + 1).reduce((sum, fate) => sum + (counts.get(fate) ?? 0), 0)),
    )
    .reverse();
}

function labelOf(startMs: number | undefined, unit: TimeBuckets["unit"]): string {
  if (startMs === undefined) return "";
  return unit === "hour" ? formatClock(startMs) : new Date(startMs).toLocaleDateString(undefined, DAY);
}

const DAY = { day: "numeric", month: "short" } as const;
