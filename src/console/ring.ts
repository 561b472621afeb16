import { array, boolean, nullable, number, object, string } from "zod/mini";
import { ruleOf } from "../cli/calls/calls-text.ts";
import type { RunningStack } from "../cli/local-stack.ts";
import { messageOf } from "../errors.ts";
import { MS_PER_MINUTE } from "../routing/dates.ts";
import type { Party } from "../routing/party.ts";
import type { Line } from "../routing/rule.ts";
import { findCall } from "../store/call-list.ts";
import type { RingAnswer, RingProgress } from "./api.ts";
import type { Desk } from "./desk.ts";
import { openOutlook } from "./outlook.ts";
import { Refused } from "./refused.ts";
import { type ApiRequest, readJson } from "./request.ts";

/** Milliseconds that the simulator may take for an answer. */
const PATIENCE_MS = 5000;

/** How long ago a call may have been rung whose row is looked for. */
const LOOK_BACK_MS = 5 * MS_PER_MINUTE;

const ringRequest = object({ line: string(), caller: string() });
const placedCall = object({ id: string() });

/** What the simulator tells of a call. Times are milliseconds of its own clock. */
const simulatedCall = object({
  states: array(object({ state: string(), atMs: number() })),
  posts: array(object({ state: string(), sentMs: number() })),
  requests: array(
    object({
      action: string(),
      receivedMs: number(),
      answeredMs: nullable(number()),
      accepted: boolean(),
    }),
  ),
  ended: nullable(object({ ending: string(), atMs: number() })),
  finished: boolean(),
});
type SimulatedCall = ReturnType<typeof simulatedCall.parse>;
type Step = RingProgress["steps"][number];

/** Rings a line through the simulator of the local stack. */
export async function answerRing(desk: Desk, request: ApiRequest): Promise<RingAnswer> {
  const stack = stackOf(desk);
  const typed = await readJson(request, ringRequest);
  const { line, caller } = await openOutlook(desk, typed.line, typed.caller);
  const call = { caller: identityOf(caller), called: calledOf(line, desk) };
  const placed = placedCall.safeParse(
    await ask(stack, "/simulator/calls", { method: "POST", body: JSON.stringify(call) }),
  );
  if (!placed.success) throw new Refused(502, "The simulator did not say which call it placed.");
  return { callId: placed.data.id };
}

/** How far a rung call has come, by the simulator's record and the call's row. */
export async function answerRingProgress(desk: Desk, { id }: ApiRequest): Promise<RingProgress> {
  const stack = stackOf(desk);
  const { now } = desk;
  const call = simulatedCall.safeParse(await ask(stack, `/simulator/calls/${encodeURIComponent(id)}`));
  if (!call.success) throw new Refused(502, "The simulator told of the call in a way that is not understood.");
  const { names } = await desk.snapshot();
  const row = await findCall(desk.tables.Calls, id, new Date(now.getTime() - LOOK_BACK_MS), now, desk.signal);
  return { steps: stepsOf(call.data, row && ruleOf(row, names)), finished: call.data.finished };
}

function stackOf({ settings }: Desk): RunningStack {
  if (settings.stack === undefined)
    throw new Refused(409, "Calls are rung for real on the local stack only; these are other tables.");
  return settings.stack;
}

async function ask({ simulatorUrl }: RunningStack, path: string, init: RequestInit = {}): Promise<unknown> {
  try {
    const response = await fetch(`${simulatorUrl}${path}`, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
    if (response.status === 404) throw new Refused(404, "The simulator knows no such call.");
    if (!response.ok) throw new Refused(502, `The simulator answered ${response.status}: ${await response.text()}`);
    return await response.json();
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused(503, `The simulator of the local stack does not answer: ${messageOf(error)}`);
  }
}

function identityOf({ kind, id, tenantId }: Party): object | null {
  return kind === "anonymous" ? null : { [kind]: { id, ...(tenantId === undefined ? {} : { tenantId }) } };
}

function calledOf({ id, name }: Line, { settings }: Desk): object {
  if (id.startsWith("+")) throw new Refused(409, "The simulator rings lines by their ids; this one has only a number.");
  const identity = { id, ...(name === undefined ? {} : { displayName: name }) };
  return id === settings.botAppId ? { application: identity } : { applicationInstance: identity };
}

/**
 * The call's steps as far as they have happened, by the simulator's clock since it placed the call.
 *
 * @param rule what decided, once the call's row says so
 */
function stepsOf({ states, posts, requests, ended }: SimulatedCall, rule: string | undefined): Step[] {
  const startMs = states[0]?.atMs ?? 0;
  const at = (name: Step["name"], atMs: number | undefined, says: string): Step[] =>
    atMs === undefined ? [] : [{ name, ms: Math.round((atMs - startMs) * 10) / 10, says }];
  const enteredAt = (state: string) => states.find((each) => each.state === state)?.atMs;
  const [first] = requests;
  const accepted = requests.find((request) => request.accepted);
  const refused = requests.filter((request) => !request.accepted && request.answeredMs !== null).length;
  const tries = refused === 0 ? "" : ` after ${refused} refused`;
  const done = accepted?.action === "reject" ? "rejected" : "redirected";
  return [
    ...at(
      "received",
      posts.find(({ state }) => state === "incoming")?.sentMs,
      "the platform posts the call to the app",
    ),
    // Both are the app's own affair; Graph is asked only when they are done.
    ...at("claimed", first?.receivedMs, "done by now, when Graph is asked"),
    ...at("decided", first?.receivedMs, `done by now: ${first?.action}${rule === undefined ? "" : ` by ${rule}`}`),
    // The simulator acts at the moment at which it accepts, before its answer is on its way.
    ...at(done, accepted && (enteredAt("ringing") ?? ended?.atMs), `Graph accepts${tries}`),
    ...at("ringing", enteredAt("ringing"), "the targets ring"),
    ...at("answered", enteredAt("established"), "somebody answers"),
    ...at("ended", ended?.atMs, `the call ends: ${ended?.ending}`),
  ];
}
