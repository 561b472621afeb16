import { describe, expect, it } from "vitest";
import type { GraphRequestRecord } from "../../local/graph-simulator/records.ts";
import { AppLog, type CallEvidence, gather } from "../../local/soak/evidence.ts";
import { countOf } from "../../local/soak/figures.ts";
import type { Attempt } from "../../local/soak/forwarder.ts";
import { breachesOf, fateOf } from "../../local/soak/verdicts.ts";

const CALL = "call-1";

function anAttempt(status: number | null, overrides: Partial<Attempt> = {}): Attempt {
  return {
    callId: CALL,
    state: "incoming",
    incarnation: "A1",
    sentMs: 100,
    answeredMs: 200,
    status,
    error: status === null ? "socket hang up" : null,
    ...overrides,
  };
}

function aRequest(overrides: Partial<GraphRequestRecord> = {}): GraphRequestRecord {
  return {
    action: "redirect",
    path: "",
    headers: {},
    body: {},
    receivedMs: 110,
    sinceIncomingMs: 10,
    answeredMs: 120,
    status: 202,
    code: null,
    fault: null,
    accepted: false,
    ...overrides,
  };
}

const ACCEPTED = aRequest({ accepted: true });
const REJECTED = aRequest({ action: "reject", accepted: true });
const UNHEARD = aRequest({ status: null, answeredMs: null, fault: "hang" });
const NOT_FOUND = aRequest({ status: 404, code: "8522" });

interface Story {
  readonly requests?: readonly GraphRequestRecord[];
  readonly incoming?: readonly Attempt[];
  readonly ends?: readonly Attempt[];
  /** The row's status; undefined: there is no row. */
  readonly row?: string;
  readonly isClosed?: boolean;
  readonly logged?: readonly string[];
  readonly notificationFault?: CallEvidence["call"]["notificationFault"];
  readonly killed?: readonly string[];
  readonly keyTroubles?: CallEvidence["keyTroubles"];
}

function evidenceOf(story: Story): CallEvidence {
  const { requests = [], incoming = [anAttempt(202)], ends = [], row, isClosed = true, logged = [] } = story;
  return {
    call: { id: CALL, requests, ended: null, notificationFault: story.notificationFault ?? null, finished: true },
    incoming,
    ends,
    rows: row === undefined ? [] : [{ callId: CALL, status: row, isClosed }],
    logged: new Map(Object.entries(countOf(logged))),
    killed: new Set(story.killed),
    keyTroubles: story.keyTroubles ?? [],
  };
}

describe("fateOf", () => {
  it.each<[string, string, Story]>([
    ["redirected", "a redirect was accepted", { requests: [ACCEPTED], row: "redirected" }],
    ["rejected by a rule", "a reject was accepted and the row says so", { requests: [REJECTED], row: "rejected" }],
    ["refused by Graph", "it was rejected because all targets were refused", { requests: [REJECTED], row: "refused" }],
    ["rejected without a word", "it was rejected and nobody says why", { requests: [REJECTED], row: "claimed" }],
    [
      "rejected unheard",
      "it was rejected and every answer was lost",
      { requests: [aRequest({ ...REJECTED, status: null, answeredMs: null }), NOT_FOUND], logged: ["call_failed"] },
    ],
    ["never told", "no post about it came while it rang", { incoming: [] }],
    ["caller gone", "it was over before it was told of", { notificationFault: "ended-before-incoming" }],
    ["caller gone", "Graph did not find it any more", { requests: [NOT_FOUND], row: "gone" }],
    ["lost", "the app says that it is gone and Graph never said so", { row: "gone" }],
    ["caller gone", "the tables were down, and the log says it", { requests: [NOT_FOUND], logged: ["call_gone"] }],
    ["taken for redirected", "the answer was lost", { requests: [UNHEARD, NOT_FOUND], row: "redirected" }],
    ["taken for rejected", "the answer to its reject was lost", { requests: [UNHEARD, NOT_FOUND], row: "rejected" }],
    ["lost", "it was answered 202 and nothing came of it", { row: "claimed" }],
    ["unavailable", "it was answered 503", { incoming: [anAttempt(503)], row: "failed" }],
    [
      "unavailable",
      "its repeat was known already, which says nothing",
      { incoming: [anAttempt(503), anAttempt(202)], logged: ["call_duplicate"], row: "failed" },
    ],
    ["lost", "its repeat was not known", { incoming: [anAttempt(503), anAttempt(202)], row: "failed" }],
    [
      "cut off",
      "its process was killed, and another knew it already",
      { incoming: [anAttempt(null), anAttempt(202)], logged: ["call_duplicate"], killed: ["A1"], row: "claimed" },
    ],
    ["unanswered", "its process lives", { incoming: [anAttempt(null)] }],
    ["turned away", "its token was refused", { incoming: [anAttempt(401)] }],
    [
      "key unknown",
      "the key server kept its key from the app",
      { incoming: [anAttempt(401)], keyTroubles: [{ fromMs: 50, untilMs: 150 }] },
    ],
    [
      "turned away",
      "the key server's trouble was long over",
      {
        incoming: [anAttempt(401, { sentMs: 9000, answeredMs: 9010 })],
        keyTroubles: [{ fromMs: 50, untilMs: 150 }],
      },
    ],
  ])("is %s when %s", (fate, _why, story) => {
    expect(fateOf(evidenceOf(story))).toBe(fate);
  });
});

describe("breachesOf", () => {
  const END = anAttempt(202, { state: "terminated" });
  const promises = (story: Story) => breachesOf(evidenceOf(story)).map(({ promise }) => promise);

  it.each<[string, Story]>([
    ["an ordinary call", { requests: [ACCEPTED], row: "redirected", ends: [END] }],
    [
      "an end that the app could not write down, and says so",
      { requests: [ACCEPTED], row: "redirected", ends: [END], isClosed: false, logged: ["close_failed"] },
    ],
    [
      "an end that was not delivered",
      { requests: [ACCEPTED], row: "redirected", ends: [anAttempt(503, { state: "terminated" })], isClosed: false },
    ],
    [
      "a row that says failed of a redirect whose answers were lost",
      { requests: [aRequest({ accepted: true, status: null, answeredMs: null }), UNHEARD], row: "failed" },
    ],
    [
      "a row that takes a lost answer for a redirect, of a call that was over already",
      { notificationFault: "ended-with-incoming", requests: [UNHEARD, NOT_FOUND], row: "redirected" },
    ],
    [
      "a redirect without a row, which the app says it could not write",
      { requests: [ACCEPTED], logged: ["record_failed"] },
    ],
  ])("finds nothing in %s", (_what, story) => {
    expect(promises(story)).toEqual([]);
  });

  it.each<[string, string, Story]>([
    ["a second redirect", "redirected or rejected once", { requests: [ACCEPTED, ACCEPTED], row: "redirected" }],
    [
      "an end without a closed row",
      "closes its row",
      { requests: [ACCEPTED], row: "redirected", ends: [END], isClosed: false },
    ],
    [
      "a redirect that only the row knows",
      "only if Graph accepted it",
      { incoming: [anAttempt(503)], row: "redirected" },
    ],
    ["a row that denies the redirect", "is in the call's row", { requests: [ACCEPTED], row: "gone" }],
    ["a call that was lost", "answered 202", { row: "claimed" }],
  ])("finds %s", (_what, promise, story) => {
    expect(promises(story)).toEqual([expect.stringContaining(promise)]);
  });
});

describe("gather", () => {
  it("lays attempts, rows and log lines beside the call that they are about, guards aside", () => {
    const log = new AppLog();
    log.read(`{"event":"call_duplicate","callId":"${CALL}"}`);
    log.read(`{"event":"call_duplicate","callId":"${CALL}"}`);
    log.read('{"event":"rows_stale"}');
    log.read("Functions host started");
    const { call } = evidenceOf({});
    const [evidence] = gather({
      calls: [{ ...simulated, ...call }],
      attempts: [anAttempt(202), anAttempt(202, { state: "terminated" }), anAttempt(503, { callId: "call-2" })],
      rows: [
        { callId: CALL, status: "guard" },
        { callId: CALL, status: "redirected", endedAt: new Date(0), outcome: "answered", graphStatus: 202 },
        { turn: 4 },
      ],
      log,
      killed: new Set(),
      keyTroubles: [],
    });
    expect(evidence).toMatchObject({
      incoming: [{ status: 202 }],
      ends: [{ status: 202 }],
      rows: [{ status: "redirected", isClosed: true, graphStatus: 202, outcome: "answered" }],
      logged: new Map([["call_duplicate", 2]]),
    });
    expect(log.total.get("rows_stale")).toBe(1);
    expect(log.lines(CALL)).toHaveLength(2);
  });

  const simulated = {
    callChainId: "chain",
    tenantId: null,
    caller: null,
    called: { application: { id: "bot" } },
    state: "terminated",
    states: [],
    posts: [],
    redirect: null,
    reject: null,
    answeredBy: null,
  } as const;
});
