import type { Deadline } from "./deadline.ts";
import { Fault, messageOf } from "./errors.ts";
import type { Log } from "./log.ts";
import type { EndedCall } from "./notifications/call-event.ts";
import { outcomeOf } from "./notifications/outcome.ts";
import type { CallLog } from "./ports.ts";

/** Where and when the end was posted. */
export interface EndDelivery {
  /** The record's name in the address that was posted to. */
  readonly record: string | undefined;
  readonly receivedAt: Date;
  readonly deadline: Deadline;
  readonly log: Log;
}

/** Closes the call's record. The call is over, so a table that does not answer costs nobody anything but the record. */
export async function handleCallEnded(ended: EndedCall, delivery: EndDelivery, callLog: CallLog): Promise<void> {
  const { record, receivedAt, deadline, log } = delivery;
  const outcome = outcomeOf(ended.result, ended.answeredBy !== undefined);
  log("info", "call_ended", {
    callId: ended.callId,
    outcome,
    resultCode: ended.result.code,
    resultSubcode: ended.result.subcode,
    resultMessage: ended.result.message?.slice(0, 500),
  });
  try {
    await callLog.close(ended, outcome, receivedAt, record, deadline);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    log("warn", "close_failed", { callId: ended.callId, reason: messageOf(error) });
  }
}
