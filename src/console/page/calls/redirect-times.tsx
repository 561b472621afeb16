import uPlot from "uplot";
import type { CallsAnswer } from "../../api/calls.ts";
import { Table } from "../shared/table.tsx";
import { type Bin, binsOf } from "./buckets.ts";
import { axesOf, Chart } from "./chart.tsx";

/** How long it took from a call's receipt until Graph had taken the redirect, with median and 95th percentile. */
export function RedirectTimes({ answer: { calls, summary } }: { answer: CallsAnswer }) {
  const times = summary.redirectTimes;
  const bins = binsOf(calls.flatMap(({ status, elapsedMs }) => (status === "redirected" ? (elapsedMs ?? []) : [])));
  const width = bins[0]?.toMs ?? 1;
  const marks =
    times === undefined
      ? []
      : [
          { ms: times.medianMs, word: "median" },
          { ms: times.p95Ms, word: "95 %" },
        ];
  return (
    <figure class="panel figure">
      <figcaption>
        <h2>Time to redirect</h2>
        <p>
          {times === undefined ? (
            <span class="faint">No call was redirected.</span>
          ) : (
            <>
              Median <strong>{times.medianMs} ms</strong>, 95th percentile <strong>{times.p95Ms} ms</strong>
            </>
          )}
        </p>
      </figcaption>
      <Chart
        label="How many redirects took how long, with median and 95th percentile; the same numbers stand in the table below"
        data={[bins.map(({ fromMs }) => fromMs + width / 2), bins.map(({ count }) => count || null)]}
        optionsOf={(colourOf) => ({
          legend: { show: false },
          cursor: { show: false },
          scales: {
            x: { time: false, range: [0, width * Math.max(1, bins.length)] },
            y: { range: (_, __, most) => [0, Math.max(4, most * 1.25)] },
          },
          axes: axesOf(colourOf, (ms) => `${ms} ms`),
          series: [
            {},
            {
              fill: colourOf("chart-bar"),
              stroke: colourOf("chart-bar"),
              points: { show: false },
              ...(bars && { paths: bars }),
            },
          ],
          hooks: {
            draw: [(plot) => drawMarks(plot, marks, colourOf("chart-text"))],
          },
        })}
      />
      <details class="as-table">
        <summary>Time to redirect as a table</summary>
        <Table<Bin>
          caption="Redirects by the time that they took"
          rows={bins}
          keyOf={({ fromMs }) => String(fromMs)}
          columns={[
            {
              heading: "Milliseconds",
              cell: ({ fromMs, toMs }) => (toMs === undefined ? `${fromMs} and more` : `${fromMs} to ${toMs}`),
            },
            { heading: "Redirects", cell: ({ count }) => count, isNumber: true },
          ]}
        />
      </details>
    </figure>
  );
}

const bars = uPlot.paths.bars?.({ size: [0.86, 60], align: 0 });

/** Lines across the chart, each with its word at the top; the words stand below each other, for the lines may be close. */
function drawMarks(
  { ctx, bbox, valToPos }: uPlot,
  marks: readonly { readonly ms: number; readonly word: string }[],
  colour: string,
): void {
  const pixel = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.lineWidth = pixel;
  ctx.setLineDash([4 * pixel, 3 * pixel]);
  ctx.font = `${12 * pixel}px system-ui, sans-serif`;
  ctx.textBaseline = "top";
  for (const [index, { ms, word }] of marks.entries()) {
    const x = Math.min(valToPos(ms, "x", true), bbox.left + bbox.width);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const isOnTheRight = x > bbox.left + bbox.width / 2;
    ctx.textAlign = isOnTheRight ? "right" : "left";
    ctx.fillText(word, x + (isOnTheRight ? -4 : 4) * pixel, bbox.top + index * 15 * pixel);
  }
  ctx.restore();
}
