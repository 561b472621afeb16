import { describe, expect, it } from "vitest";
import { parseNotification } from "../../src/notifications/parse.ts";
import { ACCOUNT, ALICE, aCall, anEntry, BOB, BOT, CALL, type Json, TENANT } from "./notifications.ts";

const readCall = (more: Json) => parseNotification(anEntry(aCall(more)), { botAppId: BOT, region: "US" });

describe("who had the call before", () => {
  const cameFrom = (more: Json) => {
    const event = readCall(more);
    return event.kind === "incoming" ? event.call.cameFrom.map(({ kind, id }) => `${kind} ${id}`) : event.kind;
  };

  it("stands in its routes", () => {
    const callRoutes = [
      null,
      {
        routingType: "forwarded",
        original: { user: { id: BOB } },
        final: { applicationInstance: { id: ACCOUNT } },
      },
      { routingType: "forwarded", original: { phone: { id: "14255550177" } }, final: null },
    ];
    expect(cameFrom({ callRoutes })).toEqual([`user ${BOB}`, `applicationInstance ${ACCOUNT}`, "phone +14255550177"]);
  });

  it("is whoever transferred it", () => {
    expect(cameFrom({ incomingContext: { transferor: { user: { id: BOB } } } })).toEqual([`user ${BOB}`]);
  });

  it.each([
    [{}],
    [{ callRoutes: null, incomingContext: null }],
    [{ callRoutes: [{}, { original: {} }, { original: { phone: { id: "anonymous" } } }] }],
    [{ callRoutes: "none", incomingContext: [] }],
    [{ incomingContext: { transferor: null } }],
  ])("is nobody in %j", (more) => {
    expect(cameFrom(more)).toEqual([]);
  });
});

describe("what else a call tells", () => {
  it("is its tenant in one spelling, and its chain as it came", () => {
    expect(readCall({ tenantId: TENANT.toUpperCase(), callChainId: "AbC-1" })).toMatchObject({
      tenantId: TENANT,
      callChainId: "AbC-1",
    });
    for (const nothing of [undefined, null, "", 7]) {
      const event = readCall({ tenantId: nothing, callChainId: nothing });
      expect(event).not.toHaveProperty("tenantId");
      expect(event).not.toHaveProperty("callChainId");
    }
  });

  it("is the number dialled, in a route of type lookup only", () => {
    const route = (routingType: string) => ({
      callRoutes: [{ routingType, original: { phone: { id: "+14255550100" } } }],
    });
    expect(readCall(route("lookup"))).toMatchObject({ dialledNumber: "+14255550100" });
    expect(readCall(route("Lookup"))).toMatchObject({ dialledNumber: "+14255550100" });
    expect(readCall(route("forwarded"))).not.toHaveProperty("dialledNumber");
  });

  it("is not disturbed by fields that nobody has described yet", () => {
    const more = { meetingCapability: { x: [1] }, terminationReason: null, mediaHostedRegion: "emea", chatInfo: 5 };
    expect(readCall(more)).toEqual(readCall({}));
  });
});

describe("how a call ended", () => {
  const ending = (more: Json) => {
    const event = readCall({ state: "terminated", ...more });
    return event.kind === "ended" ? event : undefined;
  };

  it.each([
    [
      { code: 487, subcode: 10004 },
      { code: 487, subcode: 10004 },
    ],
    [
      { code: "200", subcode: "5001" },
      { code: 200, subcode: 5001 },
    ],
    [
      { code: " 200 ", subcode: "0" },
      { code: 200, subcode: 0 },
    ],
    [
      { code: 0, subcode: 540000 },
      { code: 0, subcode: 540000 },
    ],
    [{ code: 200, subcode: null, message: "" }, { code: 200 }],
    [{ code: "", subcode: " ", message: null }, {}],
    [{ code: "0x1F4", subcode: "1e3" }, {}],
    [{ code: "ok", subcode: {} }, {}],
    [{ code: true, subcode: 1.5 }, {}],
    [
      { code: 500, subcode: 3002, message: "DiagCode: 500#3002.@" },
      { code: 500, subcode: 3002, message: "DiagCode: 500#3002.@" },
    ],
  ])("is told by %j as %j", (resultInfo, result) => {
    expect(ending({ resultInfo })?.result).toEqual(result);
  });

  it.each([undefined, null, "busy", []])("is not known from the result %j", (resultInfo) => {
    expect(ending({ resultInfo })).toMatchObject({ callId: CALL, result: {} });
  });

  it("takes the termination reason for a message when there is no other", () => {
    expect(ending({ terminationReason: "CallTerminated" })?.result.message).toBe("CallTerminated");
    expect(ending({ terminationReason: "CallTerminated", resultInfo: { message: "Gone" } })?.result.message).toBe(
      "Gone",
    );
  });

  it("names who answered, where Graph does", () => {
    expect(ending({ answeredBy: { identity: { user: { id: ALICE } } } })?.answeredBy).toContain(ALICE);
    expect(ending({ answeredBy: { identity: { phone: { id: "+14255550142" } } } })?.answeredBy).toContain(
      "+14255550142",
    );
  });

  it("says that somebody answered whom Graph does not name", () => {
    for (const identity of [{ encrypted: { id: "1pGBDsVtGz0u" } }, {}, null]) {
      const answeredBy = ending({ answeredBy: { identity } })?.answeredBy;
      expect(answeredBy).toMatch(/./);
      expect(answeredBy).not.toContain("1pGBDsVtGz0u");
    }
  });

  it.each([undefined, null, "bob", []])("does not say that somebody answered when answeredBy is %j", (answeredBy) => {
    expect(ending({ answeredBy })).not.toHaveProperty("answeredBy");
  });
});
