import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { object, string } from "zod/mini";
import type { RunningStack } from "../cli/local-stack.ts";
import { Fault, messageOf } from "../errors.ts";
import { MS_PER_MINUTE } from "../routing/dates.ts";
import type { Party } from "../routing/party.ts";
import type { Line } from "../routing/rule.ts";
import { findCall, type LoggedCall } from "../store/call-list.ts";
import type { RingAnswer, RingProgress } from "./api/calls.ts";
import type { Desk } from "./desk.ts";
import { openOutlook } from "./outlook.ts";
import { Refused } from "./refused.ts";
import { type ApiRequest, readJson } from "./request.ts";
import { simulatedCall, stepsOf } from "./ring-steps.ts";

/** Milliseconds that the simulator may take for an answer. */
const PATIENCE_MS = 5000;
/** The same for a call that it places, which it answers when the app has answered: it waits 20 s for that. */
const PLACING_MS = 30_000;
/** How often it is asked whether it knows the call that is being placed. */
const LOOK_MS = 20;

/** How long ago a call may have been rung whose row is looked for, and how long the table may take to say. */
const LOOK_BACK_MS = 5 * MS_PER_MINUTE;
const ROW_MS = 2000;

const ringRequest = object({ line: string(), caller: string() });

/** Rings a line through the simulator of the local stack. Answers as soon as the call is placed, so that it can be watched. */
export async function answerRing(desk: Desk, request: ApiRequest): Promise<RingAnswer> {
  const stack = stackOf(desk);
  const typed = await readJson(request, ringRequest);
  const { line, caller } = await openOutlook(desk, typed.line, typed.caller);
  const callId = randomUUID();
  const body = JSON.stringify({ callId, caller: identityOf(caller), called: calledOf(line, desk) });
  const settled = new AbortController();
  const signal = AbortSignal.any([desk.signal, AbortSignal.timeout(PLACING_MS)]);
  const placing = ask(stack, "/simulator/calls", { method: "POST", body, signal }).finally(() => settled.abort());
  await Promise.race([placing, untilKnown(stack, callId, settled.signal)]);
  return { callId };
}

/** Asks the simulator for a call until it knows it, or until the signal. */
async function untilKnown(stack: RunningStack, callId: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await ask(stack, pathOf(callId));
      return;
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 404) throw error;
    }
    await pause(LOOK_MS);
  }
}

/** How far a rung call has come, by the simulator's record and the call's row. */
export async function answerRingProgress(desk: Desk, { id }: ApiRequest): Promise<RingProgress> {
  const call = simulatedCall.safeParse(await ask(stackOf(desk), pathOf(id)));
  if (!call.success) throw new Refused(502, "The simulator told of the call in a way that is not understood.");
  const { names } = await desk.snapshot();
  const { row, trouble } = await readRowOf(desk, id);
  const { finished } = call.data;
  return { steps: stepsOf(call.data, row, names), finished, ...(trouble === undefined ? {} : { trouble }) };
}

/** The call's row; why there is none to be had, when the table does not answer: the simulator's record is told all the same. */
async function readRowOf(
  { tables, now, signal }: Desk,
  id: string,
): Promise<{ readonly row?: LoggedCall | undefined; readonly trouble?: string }> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ROW_MS)]);
  try {
    return { row: await findCall(tables.Calls, id, new Date(now.getTime() - LOOK_BACK_MS), now, limit) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { trouble: `The call's row cannot be read: ${messageOf(error)}` };
  }
}

function pathOf(callId: string): string {
  return `/simulator/calls/${encodeURIComponent(callId)}`;
}

function stackOf({ settings }: Desk): RunningStack {
  if (settings.stack === undefined)
    throw new Refused(409, "Calls are rung for real on the local stack only; these are other tables.");
  return settings.stack;
}

async function ask({ simulatorUrl }: RunningStack, path: string, init: RequestInit = {}): Promise<unknown> {
  try {
    const response = await fetch(`${simulatorUrl}${path}`, { signal: AbortSignal.timeout(PATIENCE_MS), ...init });
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
