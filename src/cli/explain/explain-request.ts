import { redirectBody } from "../../graph/redirect-body.ts";
import type { Decision } from "../../routing/decision.ts";
import { ringTargets } from "../../routing/ring.ts";
import type { Session } from "../session.ts";

/** What the app sends to Graph for a decision. */
export interface GraphRequest {
  readonly method: "POST";
  readonly url: string;
  readonly body: object;
}

/** Of a call that nobody has placed, the names that only a real one has. */
const CALL_ID = "{call-id}";
const CALLBACK_URI = "https://{app}/api/calls/{record}";
/** The turn of a rotation that has not served a call. */
const FIRST_TURN = 0;

export function requestOf(decision: Decision, { settings }: Pick<Session, "settings">): GraphRequest {
  const method = "POST";
  const url = `${settings.cloud.graphRoot}/v1.0/communications/calls/${CALL_ID}/${decision.kind}`;
  if (decision.kind === "reject") return { method, url, body: { reason: decision.reason, callbackUri: CALLBACK_URI } };
  const targets = ringTargets(decision.ring, decision.targets, CALL_ID, FIRST_TURN);
  return { method, url, body: redirectBody({ ...decision, targets, callbackUri: CALLBACK_URI }) };
}

/** The request as people read it; says on stderr what differs from call to call. */
export function tellRequest(decision: Decision, { settings, out }: Pick<Session, "settings" | "out">): string[] {
  const { method, url, body } = requestOf(decision, { settings });
  const ring = decision.kind === "redirect" ? decision.ring : "all";
  if (ring === "random") out.tell("random: each call chooses by its id; this is one of the choices.");
  if (ring === "round-robin") out.tell("round-robin: whose turn it is only the app knows; this is the first turn.");
  out.tell(`${CALL_ID}, {app} and {record} are filled in for each call.`);
  return [`${method} ${url}`, ...JSON.stringify(body, null, 2).split("\n")];
}
