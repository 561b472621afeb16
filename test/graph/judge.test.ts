import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judge, type Reply, type Verdict } from "../../src/graph/judge.ts";

type Answered = Extract<Reply, { kind: "answered" }>;

function answered(status: number, code?: string, more: Partial<Answered> = {}): Reply {
  return { kind: "answered", status, ...(code === undefined ? {} : { code }), ...more };
}

const lost: Reply = { kind: "no-answer", sent: true, message: "the answer was lost" };
const neverSent: Reply = { kind: "no-answer", sent: false, message: "refused" };

/** What the last of some replies to one request comes to. */
function verdictOn(...replies: readonly Reply[]): Verdict {
  const reply = replies.at(-1);
  if (reply === undefined) throw new Error("no reply");
  return judge(reply, replies.slice(0, -1));
}

/** `again`, or how it ends. */
function inShort(verdict: Verdict): string {
  if (verdict.kind === "done") return verdict.outcome;
  return verdict.freshToken ? "again with a fresh token" : "again";
}

describe("judge, by Graph's calling errors", () => {
  it.each([
    { what: "202", reply: answered(202), first: "accepted" },
    { what: "400, the request is invalid", reply: answered(400, "BadRequest"), first: "refused" },
    { what: "401", reply: answered(401), first: "again with a fresh token", repeated: "unreachable" },
    { what: "403 without a code", reply: answered(403), first: "refused" },
    { what: "7503, not registered", reply: answered(403, "7503"), first: "refused" },
    { what: "7504, no consent", reply: answered(403, "7504"), first: "again with a fresh token", repeated: "refused" },
    { what: "7505, another tenant", reply: answered(403, "7505"), first: "refused" },
    { what: "8522, call not found", reply: answered(404, "8522"), first: "gone" },
    { what: "8522 with another status", reply: answered(400, "8522"), first: "gone" },
    { what: "404 without a code", reply: answered(404), first: "gone" },
    { what: "9999, internal error", reply: answered(500, "9999"), first: "again", repeated: "refused" },
    { what: "7500, of which nothing is known", reply: answered(403, "7500"), first: "refused" },
    { what: "1203001 with a 500", reply: answered(500, "1203001"), first: "again", repeated: "refused" },
  ])("$what", ({ reply, first, repeated = first }) => {
    expect(inShort(verdictOn(reply))).toBe(first);
    expect(inShort(verdictOn(reply, reply))).toBe(repeated);
  });

  it.each([502, 503, 504])("%i is repeated twice, quickly", (status) => {
    const reply = answered(status);
    expect(verdictOn(reply)).toMatchObject({ kind: "again", otherwise: "unreachable" });
    expect(verdictOn(reply, reply)).toMatchObject({ kind: "again" });
    expect(inShort(verdictOn(reply, reply, reply))).toBe("unreachable");
  });

  it("counts gateway errors together, whichever they are", () => {
    expect(inShort(verdictOn(answered(502), answered(503), answered(504)))).toBe("unreachable");
  });

  it.each([429, 503])("waits as %i's Retry-After says", (status) => {
    expect(verdictOn(answered(status, undefined, { retryAfterMs: 3000 }))).toMatchObject({ afterMs: 3000 });
  });

  it("waits longer each time that Graph throttles without saying for how long", () => {
    const throttled = answered(429);
    const waits = [verdictOn(throttled), verdictOn(throttled, throttled), verdictOn(throttled, throttled, throttled)];
    const [first, second, third] = waits.map((verdict) => (verdict.kind === "again" ? verdict.afterMs : Number.NaN));
    expect(second).toBeGreaterThan(first ?? Number.NaN);
    expect(third).toBeGreaterThan(second ?? Number.NaN);
  });

  it("does not hammer a Graph that throttles and names no wait at all", () => {
    const verdict = verdictOn(answered(429, undefined, { retryAfterMs: 0 }));
    expect(verdict.kind === "again" && verdict.afterMs).toBeGreaterThan(0);
  });

  it("asks for one fresh token after 7504 whatever status comes with it", () => {
    expect(inShort(verdictOn(answered(403, "7504"), answered(400, "7504")))).toBe("refused");
  });

  it("gives up as refused where others may do, and as unreachable where nobody would", () => {
    expect(verdictOn(answered(500))).toMatchObject({ otherwise: "refused" });
    expect(verdictOn(answered(403, "7504"))).toMatchObject({ otherwise: "refused" });
    for (const reply of [answered(401), answered(429), answered(503), lost, neverSent]) {
      expect(verdictOn(reply)).toMatchObject({ otherwise: "unreachable" });
    }
  });
});

describe("judge, when no answer came", () => {
  it.each([
    ["a lost answer", lost],
    ["a request that was never sent", neverSent],
  ])("repeats after %s once", (_what, reply) => {
    expect(inShort(verdictOn(reply))).toBe("again");
    expect(inShort(verdictOn(reply, reply))).toBe("unreachable");
  });

  it.each([400, 403, 404, 409])("takes %i to the repeat after a lost answer as accepted", (status) => {
    expect(inShort(verdictOn(lost, answered(status)))).toBe("accepted");
  });

  it("takes 8522 to the repeat after a lost answer as accepted, also when an error came between", () => {
    expect(inShort(verdictOn(lost, answered(404, "8522")))).toBe("accepted");
    expect(inShort(verdictOn(lost, answered(500), answered(404, "8522")))).toBe("accepted");
  });

  it("takes nothing for granted from a bad token or throttling after a lost answer: the call was not looked at", () => {
    expect(inShort(verdictOn(lost, answered(401)))).toBe("again with a fresh token");
    expect(inShort(verdictOn(lost, answered(429)))).toBe("again");
  });

  it("takes 404 after a refused connection as what it says", () => {
    expect(inShort(verdictOn(neverSent, answered(404, "8522")))).toBe("gone");
    expect(inShort(verdictOn(neverSent, answered(403, "7505")))).toBe("refused");
  });
});

describe("judge, whatever Graph does", () => {
  const anyAnswer = fc
    .record({
      status: fc.oneof(fc.constantFrom(401, 403, 429, 500, 502, 503, 504), fc.integer({ min: 200, max: 599 })),
      code: fc.option(fc.constantFrom("7503", "7504", "7505", "9999", "UnknownError"), { nil: undefined }),
      retryAfterMs: fc.option(fc.nat(), { nil: undefined }),
    })
    .map(({ status, code, retryAfterMs }) =>
      answered(status, code, retryAfterMs === undefined ? {} : { retryAfterMs }),
    );
  const anyReply = fc.oneof(fc.constantFrom(lost, neverSent), anyAnswer);

  /** Replies up to the one that ends the matter; all of them when none does. */
  function until(done: (verdict: Verdict) => boolean, replies: readonly Reply[]): readonly Reply[] {
    const end = replies.findIndex((reply, index) => done(judge(reply, replies.slice(0, index))));
    return end < 0 ? replies : replies.slice(0, end + 1);
  }

  // Again at most once for a lost answer, 401, 7504 and 500 each, twice for a gateway's error; the next reply ends it.
  const MOST_TRIES = 7;

  it("ends within seven tries, those that were throttled not counted", () => {
    fc.assert(
      fc.property(fc.array(anyReply, { minLength: 40, maxLength: 60 }), (replies) => {
        const used = until(({ kind }) => kind === "done", replies);
        const counted = used.filter((reply) => reply.kind !== "answered" || reply.status !== 429);
        expect(counted.length).toBeLessThanOrEqual(MOST_TRIES);
      }),
      { numRuns: 1000 },
    );
  });

  it("waits at least 200 ms before each try that follows throttling, so that a deadline of 10 s allows 50 of them", () => {
    fc.assert(
      fc.property(fc.array(anyReply, { maxLength: 20 }), fc.nat(), (before, retryAfterMs) => {
        for (const more of [{}, { retryAfterMs }]) {
          const verdict = judge(answered(429, undefined, more), before);
          expect(verdict.kind === "again" ? verdict.afterMs : Number.NaN).toBeGreaterThanOrEqual(200);
        }
      }),
    );
  });

  it("never ends as accepted unless Graph said so or may have carried out a request whose answer was lost", () => {
    fc.assert(
      fc.property(fc.array(anyReply, { minLength: 1, maxLength: 20 }), (replies) => {
        const used = until(({ kind }) => kind === "done", replies);
        if (inShort(verdictOn(...used)) !== "accepted") return;
        const last = used.at(-1);
        const saidSo = last?.kind === "answered" && last.status >= 200 && last.status < 300;
        expect(saidSo || used.includes(lost)).toBe(true);
      }),
    );
  });
});
