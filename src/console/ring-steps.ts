import { array, boolean, nullable, number, object, type infer as Parsed, record, string, unknown } from "zod/mini";
import { ruleOf } from "../cli/calls/calls-text.ts";
import type { Names } from "../cli/names.ts";
import type { LoggedCall } from "../store/call-list.ts";
import type { RingProgress } from "./api/calls.ts";

/** What the simulator tells of a call. Times are milliseconds of its own clock; null is what has not happened, or never will. */
export const simulatedCall = object({
  states: array(object({ state: string(), atMs: number() })),
  posts: array(
    object({
      state: string(),
      sentMs: number(),
      answeredMs: nullable(number()),
      status: nullable(number()),
      error: nullable(string()),
    }),
  ),
  requests: array(
    object({
      action: string(),
      body: unknown(),
      receivedMs: number(),
      answeredMs: nullable(number()),
      status: nullable(number()),
      code: nullable(string()),
      fault: nullable(string()),
      accepted: boolean(),
    }),
  ),
  ended: nullable(object({ ending: string(), atMs: number() })),
  finished: boolean(),
});
export type SimulatedCall = Parsed<typeof simulatedCall>;
type Post = SimulatedCall["posts"][number];
type GraphRequest = SimulatedCall["requests"][number];

type Step = RingProgress["steps"][number];
interface Event extends Omit<Step, "ms"> {
  readonly atMs: number;
}

/** The simulator's faults that take an answer of Graph's away. */
const SILENCES: ReadonlySet<string | null> = new Set(["hang", "reset-before"]);
const ANSWER_LOST = "reset-after";

/**
 * A call's steps as far as they have happened, in the order of their times, by the simulator's clock since it placed the
 * call. When the call was claimed and decided the app alone knows: that is told once its row says it.
 *
 * @param row of Calls, read after the simulator was asked
 */
export function stepsOf(call: SimulatedCall, row: LoggedCall | undefined, names: Names): Step[] {
  const startMs = call.states[0]?.atMs ?? 0;
  const posts = call.posts.filter(({ state }) => state === "incoming");
  return [
    ...posts.flatMap((post, index) => eventsOfPost(post, index > 0, call, row)),
    ...eventsOfApp(posts, row, names),
    ...call.requests.flatMap((request, index) => eventsOfRequest(request, index, { call, posts, row, names })),
    ...eventsOfRinging(call),
  ]
    .map(({ atMs, ...told }) => ({ ...told, ms: Math.round((atMs - startMs) * 10) / 10 }))
    .toSorted((one, other) => one.ms - other.ms);
}

function eventsOfPost(post: Post, isRepeat: boolean, { ended }: SimulatedCall, row: LoggedCall | undefined): Event[] {
  const why = ended !== null && isLeftAlone(post, row) ? "; the app does not take it: it has heard of its end" : "";
  const says = `the platform posts the call ${isRepeat ? "again" : "to the app"}${why}`;
  const received: Event = { name: "received", atMs: post.sentMs, says };
  if (!isFailed(post) || post.answeredMs === null) return [received];
  const { status, error, answeredMs: atMs } = post;
  const failure = row?.cells.failure;
  const because = failure === undefined ? "" : `: ${failure}`;
  const failed = status === null ? `the app does not answer: ${error}` : `the app answers ${status}${because}`;
  return [received, { name: "failed", atMs, says: failed }];
}

/** Whether the app has not taken what was posted. */
function isFailed({ status, error }: Post): boolean {
  return error !== null || (status ?? 0) >= 400;
}

/** Whether the app has answered that all is well, and has done nothing: its row came from the call's end alone. */
function isLeftAlone(post: Post, row: LoggedCall | undefined): boolean {
  const isAnswered = post.answeredMs !== null && !isFailed(post);
  return isAnswered && row !== undefined && row.claimedMs === undefined && row.decidedMs === undefined;
}

/** What the row tells, counted from the post that it is about: one that has failed leaves the call to the next. */
function eventsOfApp(posts: readonly Post[], row: LoggedCall | undefined, names: Names): Event[] {
  const post = row?.cells.status === "failed" ? posts.at(-1) : posts.find((each) => !isFailed(each));
  if (row === undefined || post === undefined) return [];
  const { claimedMs, decidedMs, cells } = row;
  const at = (name: Step["name"], ms: number | undefined, says: string): Event[] =>
    ms === undefined ? [] : [{ name, atMs: post.sentMs + ms, says }];
  return [
    ...at("claimed", claimedMs, "taken in Calls, so that it is handled once"),
    ...at("decided", decidedMs, `${cells.action} by ${ruleOf(row, names)}`),
  ];
}

/** What is known around a request. */
interface Surroundings {
  readonly call: SimulatedCall;
  readonly posts: readonly Post[];
  readonly row: LoggedCall | undefined;
  readonly names: Names;
}

function eventsOfRequest(request: GraphRequest, index: number, around: Surroundings): Event[] {
  const { action, accepted, answeredMs, receivedMs, status, code, fault } = request;
  const what = action === "redirect" ? `the redirect to ${whoOf(request, around.names)}` : "the reject";
  if (accepted) {
    // The simulator acts at the moment at which it accepts, before its answer is on its way.
    const { states, ended } = around.call;
    const atMs = states.find(({ state }) => state === "ringing")?.atMs ?? ended?.atMs;
    if (atMs === undefined) return [];
    const lost = fault === ANSWER_LOST ? ", but its answer is lost" : "";
    return [{ name: action === "reject" ? "rejected" : "redirected", atMs, says: `Graph accepts ${what}${lost}` }];
  }
  if (answeredMs !== null) {
    const answer = [status, code].filter((part) => part !== null).join(" ");
    const then = thenOf(answeredMs, index, around);
    return [{ name: "refused", atMs: answeredMs, says: `Graph answers ${answer} to ${what}${then}` }];
  }
  if (!SILENCES.has(fault)) return [];
  return [
    { name: "unanswered", atMs: receivedMs, says: `Graph does not answer ${what}${thenOf(receivedMs, index, around)}` },
  ];
}

/** What the app did after a request that came to nothing; empty while it has done nothing yet. */
function thenOf(atMs: number, index: number, { call, posts, row, names }: Surroundings): string {
  const next = call.requests[index + 1];
  const untilMs = next?.receivedMs ?? Number.POSITIVE_INFINITY;
  const gaveUp = posts.some(
    (post) => isFailed(post) && post.answeredMs !== null && post.answeredMs >= atMs && post.answeredMs <= untilMs,
  );
  if (gaveUp) return "; the app gives up";
  if (next !== undefined) {
    if (JSON.stringify(next.body) === JSON.stringify(call.requests[index]?.body)) return "; the app asks again";
    return next.action === "reject"
      ? "; the app rejects the call"
      : `; the app tries the fallback, ${whoOf(next, names)}`;
  }
  if (call.requests.slice(0, index).some(({ accepted }) => accepted))
    return "; the app takes the request before for accepted";
  switch (row?.cells.status) {
    case "gone":
      return "; the app lets the call go";
    case "refused":
      return "; the app has nothing left to try";
    default:
      return "";
  }
}

const redirectBody = object({ targets: array(object({ identity: record(string(), unknown()) })) });
const identity = object({ id: string() });

/** Whom a redirect asks for, by name. */
function whoOf({ body }: GraphRequest, names: Names): string {
  const targets = redirectBody.safeParse(body).data?.targets ?? [];
  const ids = targets.flatMap((target) =>
    Object.values(target.identity).flatMap((each) => identity.safeParse(each).data ?? []),
  );
  return ids.map(({ id }) => names.party(id)).join(", ");
}

function eventsOfRinging({ states, ended }: SimulatedCall): Event[] {
  const at = (name: Step["name"], state: string, says: string): Event[] =>
    states.filter((each) => each.state === state).map(({ atMs }) => ({ name, atMs, says }));
  const ringing = at("ringing", "ringing", "the targets ring");
  const early = ended?.ending === "caller-gone" && ringing.length === 0 ? " before anybody rang" : "";
  return [
    ...ringing,
    ...at("answered", "established", "somebody answers"),
    ...at("ended", "terminated", `the call ends: ${ended?.ending.replace("-", " ")}${early}`),
  ];
}
