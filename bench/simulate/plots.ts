import * as Plot from "@observablehq/plot";
import { capacities } from "./capacity.ts";
import { COLOURS, drawSvg } from "./draw.ts";
import { approximate, grouped } from "./figures.ts";
import type { Findings } from "./page.ts";
import { costOfMillion, totalOf } from "./prices.ts";
import { ALWAYS_READY, type Answer, LOADS, RATES, SETTINGS, WITHIN_SECONDS } from "./questions.ts";

const MODEL = "A model, not a measurement: docs/scale.md says what it assumes.";
const RATE_AXIS = { label: "calls a second", type: "point", domain: RATES.map(grouped), padding: 0.3 } as const;

/** One SVG a question, by file name. */
export function plotsOf({ answers, times }: Findings): Readonly<Record<string, string>> {
  const { deployed, wholeQuota } = SETTINGS;
  return {
    "scale-burst.svg": sharesPlot(
      "How many calls of one second, at 09:00:00, are redirected in time",
      answers.filter(({ load, setting }) => load === "burst" && (setting === deployed || setting === wholeQuota)),
      ({ alwaysReady }) => `${alwaysReady} ready`,
    ),
    "scale-steady.svg": sharesPlot(
      "How many calls are redirected in time when they keep coming",
      answers.filter(({ load, alwaysReady }) => load === "steady" && alwaysReady === 1),
      ({ setting }) => `setting ${setting.letter}`,
    ),
    "scale-instances.svg": instancesPlot(answers.filter(({ alwaysReady }) => alwaysReady === 1)),
    "scale-limits.svg": limitsPlot(capacities(times)),
    "scale-cost.svg": costPlot(answers),
  };
}

function sharesPlot(title: string, answers: readonly Answer[], column: (answer: Answer) => string): string {
  const settings = new Set(answers.map(({ setting }) => setting.letter));
  const isBurst = answers.some(({ load }) => load === "burst");
  const points = answers.flatMap((answer) =>
    answer.shares.map((share, place) => ({
      rate: grouped(answer.rate),
      percent: 100 * share,
      within: `within ${WITHIN_SECONDS[place]} s`,
      column: column(answer),
      row: isBurst ? `setting ${answer.setting.letter}` : "",
    })),
  );
  const legend = WITHIN_SECONDS.map((seconds, place) => ({
    label: `within ${seconds} s`,
    colour: COLOURS[place] ?? "",
  }));
  const facets = { fx: "column", ...(isBurst ? { fy: "row" } : {}) };
  return drawSvg({
    title,
    note: MODEL,
    legend,
    height: isBurst ? 80 + 170 * settings.size : 280,
    options: {
      marginLeft: 60,
      marginBottom: 60,
      marginRight: isBurst ? 70 : 20,
      x: { ...RATE_AXIS, tickRotate: -30, labelOffset: 55 },
      y: { label: "calls redirected, %", labelAnchor: "center", domain: [0, 100], grid: true, ticks: 5 },
      fx: { label: null, domain: [...new Set(answers.map(column))] },
      fy: { label: null },
      color: { domain: legend.map(({ label }) => label), range: legend.map(({ colour }) => colour) },
      marks: [
        Plot.frame({ stroke: "#d1d5db" }),
        Plot.line(points, { x: "rate", y: "percent", stroke: "within", strokeWidth: 2, ...facets }),
        Plot.dot(points, { x: "rate", y: "percent", fill: "within", r: 3, ...facets }),
      ],
    },
  });
}

/** With all the instances that one could have, so that the need shows; and what one may have. */
function instancesPlot(answers: readonly Answer[]): string {
  const { quotaRaised, wholeQuota, deployed } = SETTINGS;
  const points = answers
    .filter(({ setting }) => setting === quotaRaised)
    .map(({ load, rate, instances }) => ({ load, rate: grouped(rate), instances }));
  const legend = LOADS.map((load, place) => ({
    label: load === "steady" ? "calls keep coming" : "one second's calls",
    colour: COLOURS[place] ?? "",
  }));
  const allowed = [
    { most: deployed.cap, label: `${deployed.cap}: the lowest cap, and ours` },
    { most: wholeQuota.quota, label: `${wholeQuota.quota}: the region's quota` },
  ];
  return drawSvg({
    title: "How many instances run",
    note: `One always ready, at most ${grouped(quotaRaised.cap)}. ${MODEL}`,
    legend,
    height: 320,
    options: {
      marginLeft: 55,
      marginBottom: 40,
      x: RATE_AXIS,
      y: { label: "instances of 2,048 MB", type: "log", domain: [1, 1000], grid: true, ticks: 3, tickFormat: "," },
      color: { domain: LOADS, range: legend.map(({ colour }) => colour) },
      marks: [
        Plot.ruleY(allowed, { y: "most", stroke: "#6b7280", strokeDasharray: "4,3" }),
        Plot.text(allowed, { y: "most", text: "label", frameAnchor: "left", textAnchor: "start", dx: 4, dy: -7 }),
        Plot.line(points, { x: "rate", y: "instances", stroke: "load", strokeWidth: 2 }),
        Plot.dot(points, { x: "rate", y: "instances", fill: "load", r: 4 }),
      ],
    },
  });
}

function limitsPlot(found: ReturnType<typeof capacities>): string {
  const bars = found.map(({ limit, callsPerSecond }) => ({ limit, callsPerSecond, from: 0.001 }));
  return drawSvg({
    title: "Which limit bites first: calls a second that each allows",
    note: "The dashed lines are the rates that were asked about. By documented limits and assumed times.",
    legend: [
      { label: "Graph's limit", colour: COLOURS[0] },
      { label: "any other", colour: COLOURS[1] },
    ],
    height: 330,
    options: {
      marginLeft: 230,
      marginRight: 60,
      marginBottom: 40,
      x: {
        label: "calls a second, steady",
        type: "log",
        domain: [0.001, 100_000],
        tickFormat: (rate: number) => (rate < 1 ? String(rate) : grouped(rate)),
        ticks: 8,
      },
      y: { label: null, domain: bars.map(({ limit }) => limit) },
      marks: [
        Plot.barX(bars, {
          x1: "from",
          x2: "callsPerSecond",
          y: "limit",
          fill: ({ limit }: { limit: string }) => (limit.startsWith("Graph") ? COLOURS[0] : COLOURS[1]),
        }),
        Plot.ruleX(RATES, { stroke: "#6b7280", strokeDasharray: "4,3" }),
        Plot.text(bars, {
          x: "callsPerSecond",
          y: "limit",
          text: ({ callsPerSecond }: { callsPerSecond: number }) => approximate(callsPerSecond),
          textAnchor: "start",
          dx: 5,
          stroke: "#ffffff",
          fill: "#1f2937",
        }),
      ],
    },
  });
}

function costPlot(answers: readonly Answer[]): string {
  const points = answers
    .filter(({ load, setting }) => load === "steady" && setting === SETTINGS.quotaRaised)
    .map(({ rate, alwaysReady, perCall }) => ({
      rate: grouped(rate),
      ready: String(alwaysReady),
      dollars: totalOf(costOfMillion(perCall, alwaysReady)),
    }));
  const legend = ALWAYS_READY.map((count, place) => ({ label: `${count} always ready`, colour: COLOURS[place] ?? "" }));
  return drawSvg({
    title: "What a million calls cost within a month",
    note: "Assumed list prices of May 2025, always-ready instances paid for all month, no free grants.",
    legend,
    height: 320,
    options: {
      marginLeft: 55,
      marginBottom: 40,
      x: { ...RATE_AXIS, label: "calls a second while they come" },
      y: { label: "US dollars", domain: [0, Math.max(...points.map(({ dollars }) => dollars)) * 1.05], grid: true },
      color: { domain: ALWAYS_READY.map(String), range: legend.map(({ colour }) => colour) },
      marks: [
        Plot.ruleY([0]),
        Plot.line(points, { x: "rate", y: "dollars", stroke: "ready", strokeWidth: 2 }),
        Plot.dot(points, { x: "rate", y: "dollars", fill: "ready", r: 4 }),
      ],
    },
  });
}
