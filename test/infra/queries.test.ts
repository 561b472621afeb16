import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readDocumentedLog } from "../support/documented-log.ts";
import { chapter, codeIn, tablesWith } from "../support/markdown.ts";
import { faultsOfQuery } from "./kusto.ts";

const log = readDocumentedLog();
const OPERATIONS = read("docs/operations.md");

/** Columns that a workspace gives a line of the log, and Application Insights the same. */
const WORKSPACE = { name: "AppTraces", columns: "(TimeGenerated: datetime, Message: string, SeverityLevel: int)" };
const COMPONENT = { name: "traces", columns: "(timestamp: datetime, message: string, severityLevel: int)" };

const { beginning, rules } = z
  .object({
    beginning: z.array(z.string()),
    rules: z.array(z.object({ name: z.string(), urgency: z.string(), query: z.array(z.string()) })),
  })
  .parse(JSON.parse(read("infra/alerts.json")));

const workbook = z
  .object({ items: z.array(z.object({ name: z.string(), content: z.object({ query: z.string().optional() }) })) })
  .parse(JSON.parse(read("infra/workbook.json")));

/** A query by where it stands. */
type Query = readonly [where: string, text: string];

const OF_ALERTS = rules.map(({ name, query }): Query => [`alert ${name}`, [...beginning, ...query].join("\n")]);
const OF_WORKBOOK = workbook.items.flatMap(({ name, content: { query } }): Query[] =>
  query === undefined ? [] : [[`workbook ${name}`, query]],
);
const [preamble = "", ...examples] = [...OPERATIONS.matchAll(/```kusto\n(.*?)```/gs)].map(([, text = ""]) => text);
const OF_DOCS = examples.map((text): Query => [`docs/operations.md: ${text.split("\n")[1]}`, preamble + text]);

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
}

/** A query without the definition of `calls` where it is not used, so that only events count that it asks for. */
function used(query: string): string {
  const [definition = "", name = ""] = /^let (calls) = [^;]*;\n/m.exec(query) ?? [];
  const rest = query.replace(definition, "");
  return name !== "" && rest.split("\n").includes(name) ? query : rest;
}

function eventsIn(query: string): string[] {
  return [...query.matchAll(/"([a-z]+_[a-z_]+|delivery)"/g)].map(([, event = ""]) => event);
}

function fieldsIn(query: string): string[] {
  return [...query.matchAll(/\bline\.(\w+)/g)].map(([, field = ""]) => field);
}

/** The filter and the only reading of the message with which every query begins. */
const READING =
  /\| where (?:timestamp > ago\(1d\) and )?message startswith '[^']*'\n\| extend line = parse_json\(message\)\n/i;

/** Ways to a field of the log that `fieldsIn` does not see; a query is to have none. */
function hiddenReadsIn(query: string): string[] {
  const rest = query
    .replace(READING, "")
    .replace(/datatable\([^)]*\)/g, "")
    .replace(/"[^"\n]*"|'[^'\n]*'/g, (text) => (text.startsWith('"') ? '""' : "''"))
    // A whole line may be shown, under its own name.
    .replace(/^\| project [\w, ]+$/gm, "")
    .replace(/\bline\.\w+(?![\w.[])/g, "");
  return (
    rest.match(/\b(?:line|message)\b.*|\b[a-z_]\w*(?:\.\w+|\[).*|\b(?:parse|extract|todynamic|evaluate|bag_)\w*.*/gi) ??
    []
  );
}

describe("hiddenReadsIn", () => {
  const whole = (more: string) => [...beginning, "lines", more].join("\n");

  it.each([
    "| where event == \"call_failed\" and tostring(line.callId) == 'one'",
    "| project TimeGenerated, event, line",
    "| where tolong(line.ageMs) * 100.0 > 5 and TimeGenerated between (ago(25h) .. ago(24h))",
  ])("lets pass %s", (more) => {
    expect(hiddenReadsIn(whole(more))).toEqual([]);
  });

  it.each([
    "| extend fields = line | where fields.nosuch == 1",
    "| extend fields=line",
    "| project-rename fields = line",
    "| summarize take_any(line)",
    "| where line['nosuch'] == 1",
    "| where line.callId.nosuch == 1",
    "| extend id = line.callId | where id.nosuch == 1",
    "| extend id = line.callId | where id['nosuch'] == 1",
    "| where parse_json(Message).nosuch == 1",
    "| extend again = todynamic(strcat(event))",
    "| where Message has 'nosuch'",
    "| parse event with nosuch",
    "| evaluate bag_unpack(line)",
  ])("refuses %s", (more) => {
    expect(hiddenReadsIn(whole(more))).not.toEqual([]);
  });
});

describe("faultsOfQuery", () => {
  it("finds a misspelt operator, an unknown column and a wrong type", () => {
    expect(faultsOfQuery("AppTraces | take 1", WORKSPACE)).toEqual([]);
    for (const wrong of [
      "whre true",
      "where Massage == ''",
      "where SeverityLevel startswith 'e'",
      "summarize n = cuont()",
    ]) {
      expect(faultsOfQuery(`AppTraces | ${wrong}`, WORKSPACE), wrong).not.toEqual([]);
    }
  });
});

describe.each([
  ["the alerts", OF_ALERTS, WORKSPACE, 5],
  ["the workbook", OF_WORKBOOK, WORKSPACE, 6],
  ["docs/operations.md", OF_DOCS, COMPONENT, 5],
] as const)("queries of %s", (_, queries, table, least) => {
  it("are there", () => {
    expect(queries.length).toBeGreaterThanOrEqual(least);
  });

  it.each(queries)("are understood by Kusto: %s", (_, query) => {
    expect(faultsOfQuery(query, table)).toEqual([]);
  });

  it.each(queries)("ask for documented events, and for fields that these have: %s", (_, query) => {
    const text = used(query);
    const events = eventsIn(text);
    expect(events.filter((event) => !log.events.has(event))).toEqual([]);
    // One that names no event asks for all lines.
    const asked = events.length === 0 ? [...log.events.keys()] : events;
    const fields = new Set(asked.flatMap((event) => [...(log.events.get(event) ?? [])]));
    expect(fieldsIn(text).filter((field) => !fields.has(field))).toEqual([]);
    expect(hiddenReadsIn(text)).toEqual([]);
  });

  it("ask for levels that the event can have", () => {
    const levels: Record<string, string> = { 1: "info", 2: "warn", 3: "error" };
    for (const [where, query] of queries) {
      for (const [, event = "", level = ""] of query.matchAll(/event == "(\w+)" and \w+Level == (\d)/gi)) {
        expect(log.levels.get(event), where).toContain(levels[level]);
      }
    }
  });
});

describe("infra/alerts.json", () => {
  const documented = tablesWith(chapter(OPERATIONS, "### Alerts"), "alert", "when", "urgency").flat();

  it("has a rule for each alert that docs/operations.md names, in its order, and none besides", () => {
    expect(rules.length).toBe(documented.length);
    for (const [index, { alert = "" }] of documented.entries()) {
      const asked = rules[index]?.query.join("\n") ?? "";
      for (const name of codeIn(alert)) expect(asked, alert).toMatch(new RegExp(`"${name}"|line\\.${name}\\b`));
    }
  });

  it("tells of each as soon as docs/operations.md says", () => {
    const urgencies = documented.map(({ urgency = "" }) => /now|today|week/.exec(urgency)?.[0]);
    expect(rules.map(({ urgency }) => urgency)).toEqual(urgencies);
  });
});

describe("infra/workbook.json", () => {
  it.each([
    ["calls per hour by result", /by bin\(TimeGenerated, 1h\), result/],
    ["calls per hour by outcome", /by bin\(TimeGenerated, 1h\), outcome = tostring\(line\.outcome\)/],
    [
      "the time to redirect as median, 95th and 99th percentile",
      /elapsedMs\), 50\).*elapsedMs\), 95\).*elapsedMs\), 99\)/,
    ],
    ["decisions by line and rule", /by lineId = tostring\(line\.line\), rule = tostring\(line\.rule\)/],
    ["fallbacks and stale rows", /"fallback_used", "rows_stale"/],
    ["refused redirects by code", /"call_refused"[\s\S]*by code = tostring\(line\.graphCode\)/],
    ["the top faults in rows", /"row_fault"[\s\S]*by fault = [\s\S]*top \d+ by/],
  ])("shows %s", (_, pattern) => {
    expect(OF_WORKBOOK.filter(([, query]) => pattern.test(query))).toHaveLength(1);
  });
});
