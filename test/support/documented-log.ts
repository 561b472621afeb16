import { readFileSync } from "node:fs";
import { chapter, codeIn, tablesWith } from "./markdown.ts";

/** The log as docs/operations.md describes it. */
export interface DocumentedLog {
  /** Names of events, and the fields that each may have. */
  readonly events: ReadonlyMap<string, ReadonlySet<string>>;
  /** Levels at which each event may stand. */
  readonly levels: ReadonlyMap<string, readonly string[]>;
  /** Types of fields, as `typeof` names them. */
  readonly types: ReadonlyMap<string, string>;
  /** Fields of the line that every call leaves. */
  readonly ofACall: readonly string[];
}

const OPERATIONS = new URL("../../docs/operations.md", import.meta.url);

export function readDocumentedLog(): DocumentedLog {
  const markdown = readFileSync(OPERATIONS, "utf8");
  const fields = tablesWith(chapter(markdown, "## The log"), "field", "type", "unit", "meaning");
  const types = fields.flat().map(({ field = "", type = "" }) => [field, type] as const);
  const ofACall = tablesWith(chapter(markdown, "### The line of a call"), "field", "type")
    .flat()
    .map(({ field = "" }) => field);
  const rows = tablesWith(chapter(markdown, "### Events"), "event", "level", "fields", "what to do").flat();
  return {
    types: new Map(types),
    ofACall,
    events: new Map(
      rows.map(({ event = "", fields: cell = "" }) => [
        event,
        new Set(["event", ...codeIn(cell), ...(cell.includes("_the call's_") ? ofACall : [])]),
      ]),
    ),
    levels: new Map(rows.map(({ event = "", level = "" }) => [event, level.split(", ")])),
  };
}

/** What is wrong with a line of the log by the documentation; empty when nothing is. */
export function undocumentedIn(log: DocumentedLog, line: Readonly<Record<string, unknown>>): string[] {
  const { event } = line;
  const fields = typeof event === "string" ? log.events.get(event) : undefined;
  if (fields === undefined) return [`no event ${event}`];
  return Object.entries(line).flatMap(([field, value]) => {
    if (!fields.has(field)) return [`${event} has a field ${field}`];
    return log.types.get(field) === typeof value ? [] : [`${event} has ${field} of type ${typeof value}`];
  });
}
