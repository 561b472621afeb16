import { object, optional, string } from "zod/mini";
import { parseAt } from "../cli/at.ts";
import { requestOf } from "../cli/explain/explain-request.ts";
import { factsOfRedirect } from "../cli/explain/explain-text.ts";
import { isWrong } from "../errors.ts";
import type { Decision } from "../routing/decision.ts";
import { explainDropped, explainStep } from "../routing/explain.ts";
import type { ExplainAnswer } from "./api/calls.ts";
import type { Desk } from "./desk.ts";
import { type Outlook, openOutlook } from "./outlook.ts";
import { Refused } from "./refused.ts";
import { type ApiRequest, readJson } from "./request.ts";
import { wayOf } from "./ways.ts";

const explainRequest = object({ line: string(), caller: string(), at: optional(string()) });

/** A call that nobody has placed: what becomes of it, and why. */
export async function answerExplain(desk: Desk, request: ApiRequest): Promise<ExplainAnswer> {
  const { line, caller, at: typed } = await readJson(request, explainRequest);
  const outlook = await openOutlook(desk, line, caller);
  const { snapshot, timeZone } = outlook;
  const { at, note } = momentOf(typed, timeZone, desk.now);
  const { decision, found } = await outlook.decide(at);
  const graph = requestOf(decision, desk);
  return {
    atMs: at.getTime(),
    timeZone,
    ...(note === undefined ? {} : { remark: note }),
    way: wayOf(decision, snapshot.names),
    rules: rulesOf(decision, { ...outlook, book: found.book }, at),
    dropped: decision.trace.dropped.map(explainDropped),
    facts: decision.kind === "reject" ? [["Rejects", decision.reason]] : factsOfRedirect(decision, snapshot.names),
    request: { method: graph.method, path: graph.url.slice(desk.settings.cloud.graphRoot.length), body: graph.body },
  };
}

function momentOf(typed: string | undefined, timeZone: string, now: Date) {
  const named = typed === undefined || typed.trim() === "" ? { at: now } : parseAt(typed, timeZone, now);
  if (isWrong(named)) throw new Refused(400, `The moment is "${typed}"; ${named.wrong}.`);
  return "note" in named ? named : { ...named, note: undefined };
}

/** The rules that were asked, with their answers, then those that were not asked any more. */
function rulesOf(
  { trace }: Decision,
  { book, timeZone, snapshot: { names } }: Pick<Outlook, "book" | "timeZone" | "snapshot">,
  at: Date,
): ExplainAnswer["rules"] {
  const around = { book, atMs: at.getTime(), timeZone };
  const asked = trace.steps.map((step) => ({
    row: { partitionKey: step.partition, rowKey: step.rule },
    says: explainStep(step, around),
    decides: step.why === undefined,
  }));
  const wereAsked = new Set(asked.map(({ row }) => JSON.stringify(row)));
  const others = book.partitions
    .flat()
    .map(({ partition, name }) => ({ partitionKey: partition, rowKey: name }))
    .filter((row) => !wereAsked.has(JSON.stringify(row)))
    .map((row) => ({ row, says: "is not asked any more", decides: false }));
  return [...asked, ...others].map((rule) => ({ ...rule, name: names.rule(rule.row.partitionKey, rule.row.rowKey) }));
}
