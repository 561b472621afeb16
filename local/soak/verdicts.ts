import type { GraphRequestRecord } from "../graph-simulator/records.ts";
import type { CallEvidence } from "./evidence.ts";
import type { Attempt } from "./forwarder.ts";

/** What became of a call, by what Graph and the platform saw. The last four are nobody's good end. */
export type Fate =
  | "redirected"
  /** The answer was lost and the repeat refused: the app takes the first for accepted, as it says. */
  | "taken for redirected"
  | "taken for rejected"
  /** The call was rejected, and the app never got the answer: it says failed or gone. */
  | "rejected unheard"
  | "rejected by a rule"
  | "refused by Graph"
  | "caller gone"
  /** The app never heard of it while it rang. */
  | "never told"
  /** Answered 503, every repeat included. */
  | "unavailable"
  /** Its token was signed with a new key that the key server kept from the app. */
  | "key unknown"
  /** The process that had it was killed. */
  | "cut off"
  | "lost"
  | "turned away"
  | "unanswered"
  | "rejected without a word";

/** A promise that did not hold for a call. */
export interface Breach {
  readonly promise: string;
  readonly callId: string;
}

const BROKEN: ReadonlyMap<Fate, string> = new Map([
  ["lost", "a call that is answered 202 is redirected, rejected, gone or refused"],
  ["turned away", "the platform's own posts are taken (not answered 4xx)"],
  ["unanswered", "a post is answered as long as its process lives"],
  ["rejected without a word", "a call that is rejected has a row or a log line that says so"],
]);

/** Every promise that did not hold for a call. */
export function breachesOf(evidence: CallEvidence): Breach[] {
  const broken = BROKEN.get(fateOf(evidence));
  const promises = [
    ...(broken === undefined ? [] : [broken]),
    ...(acceptedOf(evidence).length > 1 ? ["a call is redirected or rejected once"] : []),
    ...(hasOpenEnd(evidence) ? ["an end that was delivered closes its row, or close_failed is logged"] : []),
    ...(hasFalseClaim(evidence) ? ["a row claims a redirect only if Graph accepted it"] : []),
    ...(deniesRedirect(evidence)
      ? ["a redirect that Graph accepted is in the call's row, or record_failed is logged"]
      : []),
  ];
  return promises.map((promise) => ({ promise, callId: evidence.call.id }));
}

export function fateOf(evidence: CallEvidence): Fate {
  const { call, incoming } = evidence;
  const [accepted] = acceptedOf(evidence);
  if (accepted?.action === "redirect") return "redirected";
  if (accepted?.action === "reject") return fateOfRejected(evidence);
  if (incoming.length === 0) return "never told";
  // The platform told of the end before it told of the call, or as it did.
  if (call.notificationFault?.startsWith("ended-")) return "caller gone";
  if (says(evidence, "gone") && call.requests.some(({ status, code }) => status === 404 || code === "8522")) {
    return "caller gone";
  }
  if (says(evidence, "refused") && call.requests.some(({ status }) => (status ?? 0) >= 400)) return "refused by Graph";
  if (says(evidence, "redirected") && lostAnAnswer(evidence)) return "taken for redirected";
  if (says(evidence, "rejected") && lostAnAnswer(evidence)) return "taken for rejected";
  return fateOfUnheard(evidence);
}

function fateOfRejected(evidence: CallEvidence): Fate {
  if (says(evidence, "refused")) return "refused by Graph";
  if (says(evidence, "rejected")) return "rejected by a rule";
  const isUnheard = !acceptedOf(evidence).some(isHeard);
  if (isUnheard && (says(evidence, "failed") || says(evidence, "gone"))) return "rejected unheard";
  return wasCutOff(evidence) ? "cut off" : "rejected without a word";
}

/** Nothing was accepted, and the app names no reason. */
function fateOfUnheard(evidence: CallEvidence): Fate {
  const { incoming, logged } = evidence;
  const answered = (status: number) => incoming.filter((attempt) => attempt.status === status).length;
  // A duplicate is answered 202 whatever becomes of the call.
  const duplicates = logged.get("call_duplicate") ?? 0;
  if (answered(202) > duplicates) return "lost";
  if (answered(503) > 0) return "unavailable";
  if (wasCutOff(evidence)) return "cut off";
  if (incoming.some(({ status }) => status === null)) return "unanswered";
  if (answered(202) > 0) return "lost";
  return incoming.every((attempt) => wasKeyUnknown(attempt, evidence)) ? "key unknown" : "turned away";
}

/** The app asks for keys again no sooner than 5 s after it was last refused, and a fetch may take 3 s. */
const KEYS_HEAL_MS = 8500;

function wasKeyUnknown({ status, sentMs, answeredMs }: Attempt, { keyTroubles }: CallEvidence): boolean {
  const inTrouble = keyTroubles.some(({ fromMs, untilMs }) => answeredMs >= fromMs && sentMs <= untilMs + KEYS_HEAL_MS);
  return status === 401 && inTrouble;
}

function acceptedOf({ call }: CallEvidence) {
  return call.requests.filter(({ accepted }) => accepted);
}

/** Whether the app says so, in the row or, where the tables were down then, in its log. */
function says({ rows, logged }: CallEvidence, status: string): boolean {
  return rows.some((row) => row.status === status) || logged.has(`call_${status}`);
}

function lostAnAnswer({ call }: CallEvidence): boolean {
  return call.requests.some((request) => !isHeard(request));
}

/** A client that waits for Graph has long given up by then. */
const LONGEST_WAIT_MS = 3000;

/** Whether the answer was given, and while somebody was surely waiting for it. */
function isHeard({ status, receivedMs, answeredMs }: GraphRequestRecord): boolean {
  return status !== null && answeredMs !== null && answeredMs - receivedMs < LONGEST_WAIT_MS;
}

function wasCutOff({ incoming, killed }: CallEvidence): boolean {
  return incoming.some(({ status, incarnation }) => status === null && killed.has(incarnation));
}

function hasOpenEnd({ ends, rows, logged }: CallEvidence): boolean {
  const delivered = ends.some(({ status }) => status === 202);
  return delivered && !rows.some(({ isClosed }) => isClosed) && !logged.has("close_failed");
}

function hasFalseClaim(evidence: CallEvidence): boolean {
  const claims = evidence.rows.some(({ status }) => status === "redirected");
  const isAccepted = acceptedOf(evidence).some(({ action }) => action === "redirect");
  return claims && !isAccepted && !lostAnAnswer(evidence);
}

function deniesRedirect(evidence: CallEvidence): boolean {
  if (fateOf(evidence) !== "redirected" || wasCutOff(evidence) || evidence.logged.has("record_failed")) return false;
  if (!acceptedOf(evidence).some(isHeard)) return false;
  return !evidence.rows.some(({ status }) => status === "redirected");
}
