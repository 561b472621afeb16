import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseNotification } from "../../src/notifications/parse.ts";
import { aCall, anEntry, BOT, CALL } from "./notifications.ts";

const read = (entry: unknown) => parseNotification(entry, { botAppId: BOT, region: "US" });

/** What may stand in a URL's path and in a table's key without any escaping. */
const HARMLESS = /^[A-Za-z0-9_-]{1,128}$/;

const HOSTILE_IDS = [
  "..",
  ".",
  "../../users/6d17c2f5-eac8-588b-835e-843f1323bef3",
  "..%2F..%2Fusers",
  "%2e%2e",
  "a/b",
  "a\\b",
  "a?b=c",
  "a#b",
  "a b",
  " ",
  "a\u0000b",
  "a\nb",
  "a\r\nHost: evil.example",
  "https://evil.example/",
  "//evil.example",
  "@evil.example",
  "a;b",
  "ａｂｃ",
  "é",
  "a\u202eb",
  "x".repeat(129),
  "x".repeat(100_000),
];

describe("a hostile call id", () => {
  it.each(HOSTILE_IDS)("%j in the call is not used", (id) => {
    expect(read(anEntry(aCall({ id })))).toMatchObject({ kind: "unreadable", reason: expect.stringContaining("id") });
    expect(read(anEntry(aCall({ id }), { resourceUrl: undefined })).kind).toBe("unreadable");
  });

  it.each(HOSTILE_IDS)("%j in the path is not used", (id) => {
    for (const call of [aCall({ id: undefined }), undefined, aCall()]) {
      for (const changeType of ["created", "deleted"]) {
        const event = read(anEntry(call, { resourceUrl: `/communications/calls/${id}`, changeType }));
        if ("callId" in event) expect(event.callId).toMatch(HARMLESS);
      }
    }
  });

  it.each(HOSTILE_IDS)("%j in @odata.id is not used", (id) => {
    const call = aCall({ id: undefined, "@odata.id": `/communications/calls/${id}` });
    const event = read(anEntry(call, { resourceUrl: undefined }));
    if ("callId" in event) expect(event.callId).toMatch(HARMLESS);
  });

  it("is not quoted in the reason", () => {
    const event = read(anEntry(aCall({ id: "../../users" })));
    expect(JSON.stringify(event)).not.toContain("users");
  });
});

describe("an entry that is none", () => {
  it.each([[null], [undefined], [7], ["call"], [true], [[]], [[anEntry()]]])("%j is unreadable", (entry) => {
    expect(read(entry)).toMatchObject({ kind: "unreadable", reason: expect.any(String) });
  });

  it.each([
    [{}],
    [{ changeType: 5, resource: {}, resourceUrl: [], resourceData: 7 }],
    [{ changeType: "deleted", resourceUrl: "/communications/callRecords/1" }],
    [{ changeType: "created", resourceUrl: "/communications/calls/", resourceData: null }],
    [{ resourceUrl: "javascript:alert(1)" }],
  ])("%j is left alone", (entry) => {
    expect(["other", "unreadable"]).toContain(read(entry).kind);
  });

  it("does not reach the prototypes", () => {
    const entry: unknown = JSON.parse(
      `{"__proto__": {"state": "incoming"}, "resourceUrl": "/communications/calls/${CALL}",
        "resourceData": {"__proto__": {"state": "incoming"}, "constructor": {"id": "x"}}}`,
    );
    expect(read(entry).kind).toBe("other");
    expect({}).not.toHaveProperty("state");
  });

  it("is no trouble however deep it goes", () => {
    let deep: unknown = {};
    for (let depth = 0; depth < 5000; depth++) deep = { identity: deep };
    expect(read(anEntry(aCall({ source: deep }))).kind).toBe("incoming");
  });
});

describe("parseNotification", () => {
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(...HOSTILE_IDS.slice(0, -1), "incoming", "terminated", CALL, "+14255550142"),
  );
  const identities = fc.record(
    { user: odd, phone: odd, application: odd, applicationInstance: odd, encrypted: fc.record({ id: odd }) },
    { requiredKeys: [] },
  );
  const participant = fc.oneof(odd, fc.record({ identity: fc.oneof(odd, identities), countryCode: odd }));
  const call = fc.record(
    {
      "@odata.type": fc.oneof(fc.constant("#microsoft.graph.call"), odd),
      "@odata.id": fc.oneof(
        odd,
        fc.string().map((id) => `/app/calls/${id}`),
      ),
      id: fc.oneof(fc.uuid(), odd),
      state: fc.oneof(fc.constantFrom("incoming", "terminated"), odd),
      direction: odd,
      tenantId: odd,
      source: participant,
      targets: fc.oneof(odd, fc.array(participant)),
      callRoutes: fc.oneof(odd, fc.array(fc.record({ routingType: odd, original: identities, final: odd }))),
      incomingContext: odd,
      answeredBy: participant,
      resultInfo: fc.oneof(odd, fc.record({ code: odd, subcode: odd, message: odd })),
    },
    { requiredKeys: [] },
  );
  const entry = fc.record(
    {
      changeType: fc.oneof(fc.constantFrom("created", "updated", "deleted"), odd),
      resource: odd,
      resourceUrl: fc.oneof(
        odd,
        fc.string().map((id) => `/communications/calls/${id}`),
        fc.webUrl(),
      ),
      resourceData: fc.oneof(call, odd),
    },
    { requiredKeys: [] },
  );

  it("never throws on any JSON, and gives no call id that could leave its place in a URL or a key", () => {
    fc.assert(
      fc.property(fc.oneof(entry, fc.jsonValue()), (posted) => {
        const event = read(JSON.parse(JSON.stringify(posted)));
        if ("callId" in event) expect(event.callId).toMatch(HARMLESS);
        if (event.kind === "incoming") expect(event.call.callId).toBe(event.callId);
        if (event.kind === "ended") {
          for (const code of [event.result.code, event.result.subcode]) {
            if (code !== undefined) expect(code).toSatisfy(Number.isSafeInteger);
          }
        }
      }),
      { numRuns: 3000 },
    );
  });
});
