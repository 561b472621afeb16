import type { Counts, Figures } from "./figures.ts";
import type { Breach } from "./verdicts.ts";

/** The figures as one table, then one line for every promise that broke. */
export function formatFigures(figures: Figures): string {
  const rows = rowsOf(figures);
  const width = Math.max(...rows.map(([name]) => name.length));
  const table = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
  return [...table, "", ...formatBreaches(figures.breaches)].join("\n");
}

function rowsOf(figures: Figures): (readonly [name: string, value: string])[] {
  const { fates, redirectMs } = figures;
  return [
    ["seed", String(figures.seed)],
    ["ran", `${Math.round(figures.ranMs / 1000)} s`],
    ["calls", String(figures.calls)],
    ...Object.entries(fates).map(([fate, count]) => [`  ${fate}`, String(count)] as const),
    ["calls told twice", String(figures.toldTwice)],
    ["duplicates met by the app", String(figures.duplicatesMet)],
    ["posts", formatCounts(figures.posts)],
    ["Graph requests", formatCounts(figures.graphRequests)],
    ["table requests", String(figures.tableRequests)],
    ["Graph faults", formatCounts(figures.graphFaults)],
    ["notification faults", formatCounts(figures.notificationFaults)],
    ["key faults", formatCounts(figures.keyFaults)],
    ["table faults", formatCounts(figures.tableFaults)],
    ["the app logged", formatCounts(figures.logged)],
    ["restarts", figures.restarts.join(", ") || "none"],
    ["post to redirect", `p50 ${redirectMs.p50} ms, p95 ${redirectMs.p95} ms, p99 ${redirectMs.p99} ms`],
    ...figures.memory.map(
      ({ instance, thirds }) => [`heap of ${instance} by third`, thirds.map(formatBytes).join(", ")] as const,
    ),
    ["broken promises", String(figures.breaches.length)],
  ];
}

/** One line a promise, with at most so many of the calls that it broke for. */
const MOST_IDS = 10;

function formatBreaches(breaches: readonly Breach[]): string[] {
  return [...Map.groupBy(breaches, ({ promise }) => promise)].map(([promise, all]) => {
    const ids = all.slice(0, MOST_IDS).map(({ callId }) => callId);
    const more = all.length > ids.length ? ` and ${all.length - ids.length} more` : "";
    return `BROKEN: ${promise}: ${ids.join(" ")}${more}`;
  });
}

function formatCounts(counts: Counts): string {
  const entries = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  return entries.length === 0 ? "none" : entries.join(", ");
}

function formatBytes(bytes: number | undefined): string {
  return bytes === undefined ? "not measured" : `${(bytes / 1024 / 1024).toFixed(2)} MB`;
}
