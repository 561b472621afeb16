import { GraphClientError } from "@microsoft/microsoft-graph-client";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Fault } from "../../src/errors.ts";
import { parseRetryAfter, readFailure, readReply } from "../../src/graph/reply.ts";

function anAnswer(status: number, body: unknown = "", headers: Record<string, string> = {}): Response {
  return new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers });
}

describe("readReply", () => {
  it("reads code, message and request id from Graph's error form", async () => {
    const innerError = { date: "2026-06-01T12:00:00", "request-id": "r-1", "client-request-id": "c-1" };
    const error = { code: "7505", message: "Request authorization tenant mismatch.", innerError };
    expect(await readReply(anAnswer(403, { error }))).toEqual({
      kind: "answered",
      status: 403,
      code: "7505",
      message: "Request authorization tenant mismatch.",
      requestId: "r-1",
    });
  });

  it("prefers the request id of the header, which Graph's every answer has", async () => {
    const body = { error: { code: "7505", message: "no", innerError: { "request-id": "body" } } };
    expect(await readReply(anAnswer(403, body, { "request-id": "header" }))).toMatchObject({ requestId: "header" });
    expect(await readReply(anAnswer(202, "", { "request-id": "header" }))).toEqual({
      kind: "answered",
      status: 202,
      requestId: "header",
    });
  });

  it.each(['"7503"', "7503"])("finds the code %s that hides in the message of an UnknownError", async (errorCode) => {
    const message = `{"errorCode":${errorCode},"message":"Application is not registered in our store.","instanceAnnotations":[]}`;
    expect(await readReply(anAnswer(403, { error: { code: "UnknownError", message } }))).toMatchObject({
      code: "7503",
      message: "Application is not registered in our store.",
    });
  });

  it("keeps an UnknownError whose message is no JSON, or other JSON", async () => {
    for (const message of ["Something broke.", "17", "null", '{"reason":"?"}']) {
      const reply = await readReply(anAnswer(500, { error: { code: "UnknownError", message } }));
      expect(reply).toMatchObject({ code: "UnknownError", message });
    }
  });

  it.each([
    ["a gateway's HTML", "<!DOCTYPE html><html><title>502 Bad Gateway</title></html>"],
    ["an empty body", ""],
    ["half of a body", '{"error":{"code":"75'],
    ["JSON of another form", '{"error":"invalid_grant"}'],
    ["JSON null", "null"],
  ])("knows the status alone from %s", async (_what, body) => {
    expect(await readReply(anAnswer(502, body))).toEqual({ kind: "answered", status: 502 });
  });

  it("reads what it can of an error whose parts are of other types", async () => {
    const body = { error: { code: null, message: "The request is invalid.", innerError: "none" } };
    expect(await readReply(anAnswer(400, body))).toEqual({
      kind: "answered",
      status: 400,
      message: "The request is invalid.",
    });
  });

  it("takes the wait from Retry-After", async () => {
    expect(await readReply(anAnswer(429, "", { "retry-after": "2" }))).toMatchObject({ retryAfterMs: 2000 });
  });

  it("never throws for a body, whatever it holds", async () => {
    const anyError = fc.oneof(
      fc.json(),
      fc.string(),
      fc.record({ error: fc.object() }).map((body) => JSON.stringify(body)),
    );
    await fc.assert(
      fc.asyncProperty(anyError, fc.integer({ min: 400, max: 599 }), async (body, status) => {
        expect(await readReply(anAnswer(status, body))).toMatchObject({ kind: "answered", status });
      }),
    );
  });
});

describe("parseRetryAfter", () => {
  const now = Date.parse("2026-06-01T12:00:00Z");

  it.each([
    ["seconds", "7", 7000],
    ["no wait", "0", 0],
    ["parts of a second", "0.5", 500],
    ["a date", "Mon, 01 Jun 2026 12:00:05 GMT", 5000],
    ["a date that has passed", "Mon, 01 Jun 2026 11:59:00 GMT", 0],
    ["decades", "999999999", 999_999_999_000],
  ])("reads %s", (_what, header, ms) => {
    expect(parseRetryAfter(header, now)).toBe(ms);
  });

  it.each([
    null,
    "",
    " ",
    "soon",
    "soon 5",
    "-5",
    "5 seconds",
    "1e3",
    "0x10",
    "2026-06-01",
    "NaN",
    "Mon, 99 Foo 2026 GMT",
  ])("takes %j as no wait named", (header) => {
    expect(parseRetryAfter(header, now)).toBeUndefined();
  });

  it("is never negative and never NaN", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer().map(String), fc.date().map(String)), (header) => {
        expect(parseRetryAfter(header, now) ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe("readFailure", () => {
  it("cannot know whether the request was carried out when a connection breaks, and names how", () => {
    const failure = new GraphClientError("socket hang up");
    failure.cause = Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    const message = "Graph cannot be reached: socket hang up (ECONNRESET)";
    expect(readFailure(failure)).toEqual({ kind: "no-answer", sent: true, message });
  });

  it("takes an answer that is late as lost", () => {
    const late = new Fault("late", "Graph's redirect took more than 4000 ms");
    expect(readFailure(late)).toEqual({ kind: "no-answer", sent: true, message: late.message });
  });

  it("throws on what is a mistake in the program", () => {
    const mistake = new RangeError("nobody expects this");
    expect(() => readFailure(mistake)).toThrow(mistake);
  });
});
