import { unreachable } from "../../errors.ts";
import type { FoundRules } from "../../ports.ts";
import type { Decision, RedirectDecision } from "../../routing/decision.ts";
import { explainDropped, explainStep, nameOfDecider } from "../../routing/explain.ts";
import { formatMoment } from "../../routing/format-moment.ts";
import type { Party } from "../../routing/party.ts";
import { formatInternational } from "../../routing/phone-number.ts";
import type { Line, Target } from "../../routing/rule.ts";
import { formatTarget } from "../../routing/targets.ts";
import { formatCaller } from "../caller.ts";
import type { Names } from "../names.ts";
import type { Output } from "../output.ts";
import { wrap } from "../text-table.ts";

const LABEL_WIDTH = 10;
/** So many rules that were not asked are named. */
const MOST_NAMED = 12;
/** Graph's own ringing time, by its page on redirect: https://learn.microsoft.com/graph/api/call-redirect */
const GRAPH_TIMEOUT_SECONDS = { one: 55, several: 60 } as const;

/** A call that is explained. */
export interface ExplainedCall {
  readonly line: Line;
  readonly caller: Party;
  readonly atMs: number;
  /** By whose wall its moment is told. */
  readonly timeZone: string;
  readonly names: Names;
}

/** A decision in sentences: the call, every rule that was asked, and what is done. */
export function explanation(call: ExplainedCall, decision: Decision, found: FoundRules, out: Output): string[] {
  const { names, timeZone, atMs } = call;
  const labelled = (label: string, text: string) => hanging(label.padEnd(LABEL_WIDTH), text, out.width);
  return [
    ...labelled("Line", describeLine(call.line)),
    ...labelled("Caller", describeCaller(call.caller, found)),
    ...labelled("Moment", `${formatMoment(atMs, timeZone)} in ${timeZone} (${utcOf(atMs)})`),
    "",
    ...rulesAsked(call, decision, found, out),
    "",
    ...labelled("Decision", out.paint("bold", verdictOf(decision, names))),
    ...(decision.kind === "reject"
      ? []
      : factsOfRedirect(decision, names).flatMap(([label, text]) => labelled(label, text))),
  ];
}

/** `Support, +1 425 555 0199 (3d9f…)` */
function describeLine({ id, name, number }: Line): string {
  const called = [name, number === undefined ? undefined : formatInternational(number)].filter(
    (text) => text !== undefined,
  );
  return called.length === 0 ? id : `${called.join(", ")} (${id})`;
}

/** A caller, with the lists that it is on. */
function describeCaller(caller: Party, { lists }: FoundRules): string {
  const who = caller.kind === "phone" ? formatInternational(caller.id) : formatCaller(caller);
  return lists.size === 0 ? who : `${who}, on ${[...lists].map((list) => `list:${list}`).join(", ")}`;
}

function utcOf(atMs: number): string {
  return new Date(atMs).toISOString().replace(/(:\d\d)\.\d+/, "$1");
}

function rulesAsked(call: ExplainedCall, decision: Decision, { book }: FoundRules, out: Output): string[] {
  const around = { book, atMs: call.atMs, timeZone: call.timeZone };
  const { steps, dropped } = decision.trace;
  const { names } = call;
  const asked = steps.flatMap((step, index) => {
    const says = `${names.rule(step.partition, step.rule)} ${explainStep(step, around)}.`;
    const number = `${String(index + 1).padStart(3)}. `;
    const text = hanging(number, says, out.width);
    return step.why === undefined ? text.map((line) => out.paint("green", line)) : text;
  });
  const wereAsked = new Set(steps.map(({ partition, rule }) => JSON.stringify([partition, rule])));
  const others = book.partitions
    .flat()
    .filter(({ partition, name }) => !wereAsked.has(JSON.stringify([partition, name])))
    .map(({ partition, name }) => names.rule(partition, name));
  const named = others.slice(0, MOST_NAMED).join(", ");
  const more = others.length > MOST_NAMED ? ` and ${others.length - MOST_NAMED} more` : "";
  return [
    steps.length === 0 ? "No rule stands for this call." : "Rules, in the order of decision:",
    ...asked,
    ...(others.length === 0 ? [] : hanging("     ", `Not asked any more: ${named}${more}.`, out.width)),
    ...dropped.flatMap((each) => hanging("     ", explainDropped(each), out.width)),
  ];
}

function verdictOf(decision: Decision, names: Names): string {
  const does = decision.kind === "reject" ? `reject ${decision.reason}` : "redirect";
  if (decision.by.kind === "nothing") return `no rule applies and there is no fallback: ${does}.`;
  return `${deciderOf(decision, names)} decides: ${does}.`;
}

/** What decided, by the names that people know. */
export function deciderOf({ by }: Decision, names: Names): string {
  return by.kind === "rule" ? names.rule(by.partition, by.name) : nameOfDecider(by);
}

/** Who rings, how, how long, and who when Graph refuses: labels and texts; a label that stays is empty. */
export function factsOfRedirect(decision: RedirectDecision, names: Names): [label: string, text: string][] {
  const { targets, fallbacks, policies, ring, timeoutSeconds } = decision;
  const graphs = targets.length === 1 || ring !== "all" ? GRAPH_TIMEOUT_SECONDS.one : GRAPH_TIMEOUT_SECONDS.several;
  const facts: [string, string][] = targets.map((target, index) => [index === 0 ? "Rings" : "", whoIs(target, names)]);
  if (targets.length > 1) facts.push(["Ring", howTheyRing(decision)]);
  facts.push(["Timeout", timeoutSeconds === undefined ? `Graph's own (${graphs} s)` : `${timeoutSeconds} s`]);
  if (policies.length > 0) facts.push(["Policies", policies.join(", ")]);
  for (const [index, { of, targets: others }] of fallbacks.entries()) {
    const who = others.map((target) => whoIs(target, names)).join(", ");
    const when = index === 0 ? "when Graph refuses," : "then";
    facts.push([index === 0 ? "Fallback" : "", `${when} ${FALLBACK_OF[of]}: ${who}`]);
  }
  return facts;
}

const FALLBACK_OF = { rule: "the rule's", line: "the line's", app: "FALLBACK_TARGET" } as const;

function howTheyRing({ ring, targets }: RedirectDecision): string {
  switch (ring) {
    case "all":
      return `all ${targets.length} together`;
    case "random":
      return "one of them by weight; each call chooses by its id";
    case "round-robin":
      return "one of them by weight, in turn";
    default:
      return unreachable(ring);
  }
}

/** A target by its name and as a row holds it; a number that has no name stands for itself. */
function whoIs(target: Target, names: Names): string {
  const name = names.target(target);
  const held = formatTarget({ kind: target.kind, id: target.id, weight: 1 });
  return name === held || name.startsWith(formatInternational(target.id)) ? name : `${name} (${held})`;
}

/** A text behind a label, with what does not fit a line below its beginning. */
function hanging(label: string, text: string, width: number): string[] {
  return wrap(text, width - label.length).map((line, index) => (index === 0 ? label : " ".repeat(label.length)) + line);
}
