import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DeliveryPorts, handleDelivery } from "../../src/handle-delivery.ts";
import { listeningLog, ports, SteadyGraph } from "../support/ports.ts";
import { ACCOUNT, ALICE, BOT, CONTOSO, useStack } from "../support/stack.ts";
import { someBody } from "./bodies.ts";
import { announce, fuzzing, longText, MOST_MS, PROPERTY_MS } from "./cases.ts";

/** Every status that the webhook may answer. */
const STATUSES = [202, 204, 400, 401, 403, 413, 503];
/** Those that it may answer while nothing is out of order, to whoever has a good token. */
const STATUSES_IN_ORDER = [202, 204, 400, 403, 413];

const record = fc.option(fc.oneof(fc.string(), fc.constantFrom("2026112515", "9999999999", "..", "__proto__")), {
  nil: undefined,
});
/** Where else a body goes wrong: its length is announced wrongly, and it comes twice, or twice at once. */
const post = fc.record({
  body: someBody,
  record,
  announced: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, fc.constantFrom(0, 1, Number.NaN, 1e9)),
  times: fc.constantFrom(1, 2, 3),
  together: fc.boolean(),
});
type Post = typeof post extends fc.Arbitrary<infer T> ? T : never;

const rejected: unknown[] = [];
const onRejection = (reason: unknown) => rejected.push(reason);
beforeAll(() => {
  announce("webhook");
  process.on("unhandledRejection", onRejection);
});
afterAll(() => {
  process.off("unhandledRejection", onRejection);
});

/** One spelling of a call's id. */
const sameId = (id: string) => id.toLowerCase().replaceAll("-", "");

function repeated(ids: readonly string[]): string[] {
  const seen = new Set<string>();
  return ids.filter((id) => seen.size === seen.add(sameId(id)).size);
}

async function send<T>({ times, together }: Post, once: () => Promise<T>): Promise<T[]> {
  if (together) return await Promise.all(Array.from({ length: times }, once));
  const answers: T[] = [];
  for (let time = 0; time < times; time++) answers.push(await once());
  return answers;
}

describe("the webhook's own code", () => {
  const settings = {
    botAppId: BOT,
    ownTenantId: CONTOSO,
    allowedTenants: new Set([CONTOSO]),
    fallbackTargets: [],
    callbackBaseUrl: "https://calls.contoso.com",
    deadlineMs: 10_000,
  };

  it("answers any body as the contract says, and redirects no call twice", { timeout: PROPERTY_MS }, async () => {
    await fc.assert(
      fc
        .asyncProperty(post, async (each) => {
          const callControl = new SteadyGraph();
          const given: DeliveryPorts = {
            ...ports({ callControl }),
            tokens: { verify: async () => ({ tenantId: CONTOSO }) },
          };
          const { log, events } = listeningLog();
          const request = {
            authorization: "Bearer a.b.c",
            contentLength: each.announced,
            readBody: async () => each.body,
            record: each.record,
          };
          const answers = await send(each, () => handleDelivery(request, log, given, settings));
          for (const { status } of answers) expect(STATUSES_IN_ORDER).toContain(status);
          // A mistake in the program is caught for the neighbours' sake, and would hide behind this line.
          expect(events).not.toContain("call_failed");
          expect(repeated(callControl.redirects.map(({ callId }) => callId))).toEqual([]);
          expect(rejected).toEqual([]);
        })
        .beforeEach(() => {
          rejected.length = 0;
        }),
      { ...fuzzing(0.5), timeout: MOST_MS },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect({}).not.toHaveProperty("state");
  });
});

describe("the webhook of a running app", () => {
  const stack = useStack({}, { tableProxy: true });
  beforeAll(async () => {
    await stack().addRow("Routes", "default", "desk", { targets: `user:${ALICE}` });
    await stack().addRow("Lines", "line", ACCOUNT, { name: "Support" });
  });

  const authorization = fc.oneof(
    { weight: 12, arbitrary: fc.constant("good") },
    fc.constantFrom(
      "",
      "Bearer",
      "Bearer a.b.c",
      "Basic YTpi",
      `Bearer ${"x".repeat(8000)}`,
      "Bearer eyJhbGciOiJub25lIn0.e30.",
    ),
    longText.map((text) => `Bearer ${encodeURIComponent(text).slice(0, 8000)}`),
  );

  async function postTo(path: string, header: string, body: Uint8Array): Promise<number> {
    const bearer = header === "good" ? `Bearer ${await stack().simulator.issueToken()}` : header;
    const response = await fetch(`${stack().host.url}/api/calls${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: bearer },
      body: new Uint8Array(body),
    });
    await response.arrayBuffer();
    return response.status;
  }

  it("answers any body over HTTP as the contract says", { timeout: PROPERTY_MS }, async () => {
    await fc.assert(
      fc.asyncProperty(post, authorization, async (each, header) => {
        const path = each.record === undefined ? "" : `/${encodeURIComponent(each.record)}`;
        // A path that climbs, or is empty, is another address.
        const address = /^\/(\.|%2e){0,2}$/i.test(path) ? "" : path;
        for (const status of await send(each, () => postTo(address, header, each.body))) {
          expect(header === "good" ? STATUSES_IN_ORDER : STATUSES).toContain(status);
          if (header !== "good") expect(status).toBe(401);
        }
        expect(rejected).toEqual([]);
      }),
      { ...fuzzing(0.1, 1000), timeout: MOST_MS },
    );
    expect(stack().logged("call_failed")).toEqual([]);
    // Graph may be asked again about a call whose answer was lost; a call that is taken twice has two outcomes.
    const outcomes = ["call_redirected", "call_gone", "call_refused"].flatMap((event) => stack().logged(event));
    expect(repeated(outcomes.map(({ callId }) => String(callId)))).toEqual([]);
  });
});
