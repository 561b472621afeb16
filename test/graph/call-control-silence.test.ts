import { createServer, type RequestListener } from "node:http";
import type { AccessToken } from "@azure/identity";
import { describe, expect, it, onTestFinished } from "vitest";
import type { CallFault } from "../../local/graph-simulator/faults.ts";
import {
  aDeadline,
  aPassedDeadline,
  aRedirect,
  aToken,
  CountingCredential,
  callControl,
  placeCall,
  startGraph,
  useGraph,
} from "./simulated-graph.ts";

const graph = useGraph();

async function redirectWith(faults: readonly CallFault[], deadlineMs?: number) {
  const { callId, requests } = await placeCall(graph(), { faults });
  const outcome = await callControl(graph().url).redirect(aRedirect(callId), aDeadline(deadlineMs));
  return { outcome, requests };
}

/** An address at which nothing listens any more, with its port. */
async function aClosedAddress(): Promise<{ readonly url: string; readonly port: number }> {
  const closed = await startGraph();
  await closed.close();
  return { url: closed.url, port: Number(new URL(closed.url).port) };
}

async function aServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server listens without an address");
  return `http://127.0.0.1:${address.port}`;
}

const never = () => Promise.withResolvers<AccessToken>().promise;

describe("GraphCallControl, when no answer comes", () => {
  it("redirects once when the connection breaks before Graph took the request", async () => {
    const { outcome, requests } = await redirectWith([{ kind: "reset-before", count: 1 }]);
    expect(outcome).toMatchObject({ kind: "accepted", answer: { status: 202, tries: 2 } });
    expect(requests.map(({ accepted }) => accepted)).toEqual([false, true]);
  });

  it("takes the call as redirected when the answer was lost and the repeat finds no call", async () => {
    const { outcome, requests } = await redirectWith([{ kind: "reset-after", count: 1 }]);
    expect(outcome).toMatchObject({ kind: "accepted", answer: { status: 404, code: "8522", tries: 2 } });
    expect(requests.map(({ accepted }) => accepted)).toEqual([true, false]);
  });

  it("repeats once when connections break again and again", async () => {
    const { outcome, requests } = await redirectWith([{ kind: "reset-before" }]);
    expect(outcome).toMatchObject({ kind: "unreachable", answer: { tries: 2 } });
    expect(outcome.answer.status).toBeUndefined();
    expect(requests).toHaveLength(2);
  });

  it("stops waiting for a Graph that hangs when the deadline passes", async () => {
    const { outcome, requests } = await redirectWith([{ kind: "hang" }], 300);
    expect(outcome).toEqual({
      kind: "unreachable",
      answer: { message: "Graph's redirect was not done when the deadline passed", tries: 1 },
    });
    expect(requests).toHaveLength(1);
  });

  it("says that Graph is unreachable, and why, when nothing listens there", async () => {
    const { url } = await aClosedAddress();
    expect(await callControl(url).redirect(aRedirect("1"), aDeadline())).toEqual({
      kind: "unreachable",
      answer: { message: expect.stringContaining("ECONNREFUSED"), tries: 2 },
    });
  });

  it("does not take 404 after a refused connection for a redirect that was carried out", async () => {
    const { url, port } = await aClosedAddress();
    // Its tokens are used up at once, so that it is asked before each try: Graph is up for the second.
    const credential = new CountingCredential(async (turn) => {
      if (turn === 2) {
        const late = await startGraph(port);
        onTestFinished(() => late.close());
      }
      return aToken({ secondsLeft: 0 });
    });
    expect(await callControl(url, credential).redirect(aRedirect("1"), aDeadline())).toMatchObject({
      kind: "gone",
      answer: { status: 404, tries: 2 },
    });
  });

  it.each([
    { status: 403, kind: "refused", tries: 1 },
    { status: 202, kind: "accepted", tries: 1 },
    { status: 503, kind: "unreachable", tries: 3 },
  ])("goes by status $status when the body after it breaks off", async ({ status, kind, tries }) => {
    const url = await aServer((request, response) => {
      request.resume().on("end", () => {
        response.writeHead(status, { "content-length": 100 });
        response.write('{"error":', () => response.destroy());
      });
    });
    expect(await callControl(url).redirect(aRedirect("1"), aDeadline())).toEqual({ kind, answer: { status, tries } });
  });

  it("does not wait for the body of an answer that says yes", async () => {
    const url = await aServer((request, response) => {
      request.resume().on("end", () => response.writeHead(202).write("this body has no end"));
    });
    const outcome = await callControl(url).redirect(aRedirect("1"), aDeadline(3000));
    expect(outcome).toMatchObject({ kind: "accepted", answer: { tries: 1 } });
  });
});

describe("GraphCallControl, when there is no token", () => {
  it("stops waiting for a credential that hangs when the deadline passes", async () => {
    const credential = new CountingCredential(never);
    const { callId, requests } = await placeCall(graph());
    const outcome = await callControl(graph().url, credential).redirect(aRedirect(callId), aDeadline(300));
    expect(outcome).toMatchObject({ kind: "unreachable", answer: { tries: 1 } });
    expect(requests).toHaveLength(0);
  });

  it.each([
    ["throws", () => Promise.reject(new Error("no identity is assigned")), "no identity is assigned"],
    ["gives none", async () => null, "no token"],
  ])("says that Graph is unreachable, and why, when the credential %s", async (_what, give, reason) => {
    const credential = new CountingCredential(give);
    const { callId, requests } = await placeCall(graph());
    const outcome = await callControl(graph().url, credential).redirect(aRedirect(callId), aDeadline());
    expect(outcome).toMatchObject({ kind: "unreachable", answer: { message: expect.stringContaining(reason) } });
    expect(credential.asked).toBe(2);
    expect(requests).toHaveLength(0);
  });

  it("redirects when the credential recovers", async () => {
    const credential = new CountingCredential(async (turn) => {
      if (turn === 1) throw new Error("try again");
      return aToken();
    });
    const { callId, requests } = await placeCall(graph());
    const outcome = await callControl(graph().url, credential).redirect(aRedirect(callId), aDeadline());
    expect(outcome.kind).toBe("accepted");
    expect(requests).toHaveLength(1);
  });

  it("does not take 404 after a failed token for a redirect that was carried out", async () => {
    const credential = new CountingCredential(async (turn) => (turn === 1 ? null : aToken()));
    const outcome = await callControl(graph().url, credential).redirect(aRedirect("unknown"), aDeadline());
    expect(outcome).toMatchObject({ kind: "gone", answer: { status: 404 } });
  });

  it("gives up when the token is not the one that Graph takes", async () => {
    const credential = new CountingCredential(async () => aToken({ token: "of-another-cloud" }));
    const { callId, requests } = await placeCall(graph());
    const outcome = await callControl(graph().url, credential).redirect(aRedirect(callId), aDeadline());
    expect(outcome).toMatchObject({ kind: "unreachable", answer: { status: 401, tries: 2 } });
    expect(requests).toHaveLength(2);
    expect(credential.asked).toBe(2);
  });
});

describe("GraphCallControl, once the deadline has passed", () => {
  it("asks for no token and sends nothing", async () => {
    const credential = new CountingCredential();
    const { callId, requests } = await placeCall(graph());
    const outcome = await callControl(graph().url, credential).redirect(aRedirect(callId), await aPassedDeadline());
    expect(outcome.kind).toBe("unreachable");
    expect(credential.asked).toBe(0);
    expect(requests).toHaveLength(0);
  });

  it("sends nothing when the token comes too late", async () => {
    const token = Promise.withResolvers<AccessToken>();
    const credential = new CountingCredential(() => token.promise);
    const control = callControl(graph().url, credential);
    const { callId, requests } = await placeCall(graph());
    const outcome = await control.redirect(aRedirect(callId), aDeadline(100));
    token.resolve(aToken());
    expect(outcome.kind).toBe("unreachable");

    // The token serves the next call, whose request would come after any of the first.
    const next = await placeCall(graph());
    expect(await control.redirect(aRedirect(next.callId), aDeadline())).toMatchObject({ kind: "accepted" });
    expect(requests).toHaveLength(0);
    expect(credential.asked).toBe(1);
  });
});
