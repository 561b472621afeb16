import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CallFault } from "../../local/graph-simulator/faults.ts";
import { incomingBody, ring } from "../support/ringing.ts";
import { ACCOUNT, useStack } from "../support/stack.ts";

const FIRST = "98da8a1a-1b87-452c-a713-65d3f10b1253";
const SECOND = "bf5aae9a-d11d-47a8-93b1-782504c9c3f3";
const LAST = "3c7b1ef5-8c1a-4b8d-9d3e-6f2b7a9c0d1e";

const stack = useStack({ FALLBACK_TARGET: `user:${LAST}`, DEADLINE_SECONDS: "8" });

beforeAll(async () => {
  await stack().addRow("Routes", ACCOUNT, "desk", { targets: `user:${FIRST}`, fallback: `user:${SECOND}` });
});
beforeEach(() => stack().simulator.setFaults({ faults: [] }));

const rung = (...faults: CallFault[]) => ring(stack(), ACCOUNT, { faults });

describe("when Graph falters", () => {
  it.each([
    ["answers 502 once", { kind: "502", count: 1 }],
    ["answers 504 once", { kind: "504", count: 1 }],
    ["answers a gateway's HTML once", { kind: "html", count: 1 }],
    ["has not heard of the consent yet", { kind: "7504", count: 1 }],
    ["throttles without saying for how long", { kind: "429", count: 1 }],
    ["throttles until a moment that it names", { kind: "429", count: 1, retryAfter: "date" }],
  ] as const)("rings on the second try when it %s", async (_, fault) => {
    expect(await rung(fault)).toMatchObject({ asked: [FIRST, FIRST], rang: FIRST, status: 202, taken: 1 });
  });

  it("rings when 502 is followed by 504", async () => {
    const { asked, rang, taken } = await rung({ kind: "502", count: 1 }, { kind: "504", count: 1 });
    expect({ asked, rang, taken }).toEqual({ asked: [FIRST, FIRST, FIRST], rang: FIRST, taken: 1 });
  });

  it("rings each of many calls once while answers take as long as they like", async () => {
    stack().simulator.setFaults({ seed: 3, faults: [{ kind: "latency", latencyMs: 10, tail: "heavy" }] });
    const all = await Promise.all(Array.from({ length: 12 }, () => ring(stack(), ACCOUNT)));
    expect(all.map(({ asked, rang, status }) => ({ asked, rang, status }))).toEqual(
      all.map(() => ({ asked: [FIRST], rang: FIRST, status: 202 })),
    );
  });
});

describe("when Graph stays away", () => {
  it.each([
    ["is throttled for decades", { kind: "429", retryAfter: "absurd" }, 1],
    ["gets nothing but 502", { kind: "502" }, 3],
    ["gets nothing but 504", { kind: "504" }, 3],
    ["gets nothing but a gateway's HTML", { kind: "html" }, 3],
    ["is told that its token is no good", { kind: "401" }, 2],
  ] as const)("answers 503 when it %s, and rings on the repeated post", async (_, fault, tries) => {
    const { id } = await stack().simulator.placeCall({
      caller: { phone: { id: "+14255550142" } },
      called: { applicationInstance: { id: ACCOUNT } },
      faults: [{ ...fault, count: tries }],
    });
    expect(
      stack()
        .simulator.call(id)
        ?.posts.map(({ status }) => status),
    ).toEqual([503]);
    expect(stack().requestsFor(id)).toHaveLength(tries);
    expect(await stack().recordsOf(id)).toMatchObject([{ status: "failed" }]);

    expect((await stack().post(incomingBody(id, ACCOUNT))).status).toBe(202);
    const { redirect, requests } = await stack().simulator.waitFor(id, ({ finished }) => finished);
    expect(redirect?.targets).toEqual([{ kind: "user", id: FIRST }]);
    expect(requests.filter(({ accepted }) => accepted)).toHaveLength(1);
    expect(await stack().recordsOf(id)).toMatchObject([{ status: "redirected" }]);
  });
});

describe("when Graph refuses everything", () => {
  const refusedBy = async (kind: "7503" | "7504" | "unknown-error") => {
    const { id } = await stack().simulator.placeCall({
      caller: { phone: { id: "+14255550142" } },
      called: { applicationInstance: { id: ACCOUNT } },
      faults: [{ kind }],
    });
    const asked = stack()
      .requestsFor(id)
      .map(({ request: { action, body } }) => (action === "reject" ? "reject" : JSON.stringify(body)));
    const [record] = await stack().recordsOf(id);
    const status = stack().simulator.call(id)?.posts[0]?.status;
    return {
      whom: asked.map((each) => [FIRST, SECOND, LAST].find((target) => each.includes(target)) ?? each),
      record,
      status,
    };
  };

  it.each(["7503", "unknown-error"] as const)(
    "tries the fallbacks and a reject once each on %s, and records Graph's own code",
    async (kind) => {
      const { whom, record, status } = await refusedBy(kind);
      expect(whom).toEqual([FIRST, SECOND, LAST, "reject"]);
      expect(record).toMatchObject({ status: "refused", graphCode: "7503" });
      expect(record?.graphMessage).toBe("Application is not registered in our store.");
      expect(status).toBe(202);
    },
  );

  it("asks once more with a fresh token each time that consent is missing", async () => {
    const { whom, record, status } = await refusedBy("7504");
    expect(whom).toEqual([FIRST, FIRST, SECOND, SECOND, LAST, LAST, "reject", "reject"]);
    expect(record).toMatchObject({ status: "refused", graphCode: "7504" });
    expect(status).toBe(202);
  });
});
