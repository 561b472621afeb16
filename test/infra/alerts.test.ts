import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ROOT } from "../../infra/bicep.ts";
import { ofType, SNAPSHOTS, theOne } from "./templates.ts";

const ALERTS = z
  .object({
    beginning: z.array(z.string()),
    rules: z.array(z.object({ name: z.string(), query: z.array(z.string()) })),
  })
  .parse(JSON.parse(readFileSync(`${ROOT}infra/alerts.json`, "utf8")));

/** Minutes of the spans that Azure takes for a log alert: for its window, and but for two days for how often it looks. */
const SPANS = new Map([
  ...[1, 5, 10, 15, 30, 45].map((minutes): [string, number] => [`PT${minutes}M`, minutes]),
  ...[1, 2, 3, 4, 5, 6].map((hours): [string, number] => [`PT${hours}H`, 60 * hours]),
  ["P1D", 24 * 60],
  ["P2D", 48 * 60],
]);

const rule = z.object({
  enabled: z.boolean(),
  scopes: z.array(z.string()),
  severity: z.number(),
  evaluationFrequency: z.string(),
  windowSize: z.string(),
  overrideQueryTimeRange: z.string().nullish(),
  autoMitigate: z.boolean(),
  muteActionsDuration: z.string().nullish(),
  skipQueryValidation: z.boolean(),
  actions: z.object({ actionGroups: z.array(z.string()) }),
  criteria: z.object({
    allOf: z.tuple([
      z.object({ query: z.string(), timeAggregation: z.string(), operator: z.string(), threshold: z.number() }),
    ]),
  }),
});

function minutesOf(span: string): number {
  const minutes = SPANS.get(span);
  if (minutes === undefined) throw new Error(`Azure takes no ${span}`);
  return minutes;
}

describe.each(SNAPSHOTS)("alerts of %s.bicepparam", (_, found) => {
  const rules = ofType(found, "Microsoft.Insights/scheduledQueryRules").map(({ properties }) => rule.parse(properties));
  const groups = ofType(found, "Microsoft.Insights/actionGroups");

  it("ask what infra/alerts.json asks, of the workspace", () => {
    const workspace = theOne(found, "Microsoft.OperationalInsights/workspaces").id;
    const queries = rules.map(({ criteria }) => criteria.allOf[0].query);
    const known = ALERTS.rules.map(({ query }) => [...ALERTS.beginning, ...query].join("\n"));
    expect(known.filter((query) => queries.includes(query))).toEqual(queries);
    expect(known.length - queries.length).toBeLessThanOrEqual(1);
    for (const { scopes } of rules) expect(scopes).toEqual([workspace]);
  });

  it("work in a workspace that has no log yet", () => {
    for (const { skipQueryValidation, criteria } of rules) {
      expect(skipQueryValidation).toBe(true);
      expect(criteria.allOf[0].query).toMatch(/^let lines = union isfuzzy=true /);
    }
  });

  it("fire at the first row of an answer", () => {
    for (const { enabled, criteria } of rules) {
      expect(enabled).toBe(true);
      expect(criteria.allOf[0]).toMatchObject({ timeAggregation: "Count", operator: "GreaterThan", threshold: 0 });
    }
  });

  it("look as often as Azure can, and leave no minute out", () => {
    for (const { evaluationFrequency, windowSize, overrideQueryTimeRange } of rules) {
      expect(evaluationFrequency).not.toBe("P2D");
      expect(minutesOf(windowSize)).toBeGreaterThanOrEqual(minutesOf(evaluationFrequency));
      if (overrideQueryTimeRange == null) continue;
      expect(minutesOf(overrideQueryTimeRange)).toBeGreaterThanOrEqual(minutesOf(windowSize));
    }
  });

  it("are muted only where they do not resolve themselves, which Azure refuses otherwise", () => {
    for (const { autoMitigate, muteActionsDuration } of rules) expect(muteActionsDuration != null).toBe(!autoMitigate);
  });

  it("tell everybody who wants mail", () => {
    for (const { actions } of rules) expect(actions.actionGroups).toEqual(groups.map(({ id }) => id));
    for (const { properties } of groups) expect(properties).toMatchObject({ enabled: true });
  });
});
