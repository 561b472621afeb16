import { describe, expect, it } from "vitest";
import { parseNotification } from "../../src/notifications/parse.ts";
import { ACCOUNT, ALICE, aCall, anEntry, BOB, BOT, CALL, type Json, TENANT } from "./notifications.ts";

const read = (entry: unknown) => parseNotification(entry, { botAppId: BOT, region: "US" });
const readCall = (more: Json) => read(anEntry(aCall(more)));

describe("what an entry is", () => {
  it("is an incoming call by path, type and state", () => {
    expect(read(anEntry())).toEqual({
      kind: "incoming",
      callId: CALL,
      call: {
        callId: CALL,
        called: { kind: "applicationInstance", id: ACCOUNT },
        caller: { kind: "user", id: ALICE },
        cameFrom: [],
      },
    });
  });

  it.each([
    ["/communications/calls/X/participants", "created"],
    ["/communications/calls/X/operations/1", "deleted"],
    ["/app/calls/X/contentsharingsessions/1", "deleted"],
    ["https://graph.microsoft.com/v1.0/communications/calls/X/operations/1", "deleted"],
  ])("is nothing to do at %s, though it is %s", (resourceUrl, changeType) => {
    expect(read(anEntry(aCall(), { resourceUrl, changeType })).kind).toBe("other");
    expect(read(anEntry(undefined, { resourceUrl, changeType })).kind).toBe("other");
  });

  it("is the end of a call only where the call itself is deleted or terminated", () => {
    expect(read(anEntry(aCall({ state: "terminated" }), { changeType: "deleted" })).kind).toBe("ended");
    expect(read(anEntry(aCall({ state: "terminated" }), { changeType: "updated" })).kind).toBe("ended");
    expect(read(anEntry(undefined, { changeType: "deleted" })).kind).toBe("ended");
    expect(read(anEntry({ "@odata.type": "#microsoft.graph.recordOperation" }, { changeType: "deleted" })).kind).toBe(
      "other",
    );
    expect(read(anEntry([{ id: "1" }], { changeType: "deleted" })).kind).toBe("other");
  });

  it.each([
    "establishing",
    "ringing",
    "established",
    "hold",
    "transferring",
    "redirecting",
    "terminating",
    "asleep",
    "",
  ])("is progress in state %j", (state) => {
    expect(readCall({ state }).kind).toBe("other");
  });

  it("is no incoming call when the bot itself rang", () => {
    expect(readCall({ direction: "outgoing" }).kind).toBe("other");
    expect(readCall({ direction: undefined }).kind).toBe("incoming");
  });

  it("compares enum values without case", () => {
    expect(read(anEntry(aCall({ state: "Incoming", direction: "INCOMING" }), { changeType: "Created" })).kind).toBe(
      "incoming",
    );
    expect(readCall({ state: "Terminated" }).kind).toBe("ended");
    expect(read(anEntry(aCall({ state: "established" }), { changeType: "Deleted" })).kind).toBe("ended");
    expect(readCall({ direction: "Outgoing" }).kind).toBe("other");
    expect(readCall({ "@odata.type": "#Microsoft.Graph.Call" }).kind).toBe("incoming");
  });

  it("is a recording policy's invitation when it observes somebody", () => {
    const incomingContext = { observedParticipantId: "1a2b" };
    expect(readCall({ incomingContext, tenantId: TENANT })).toEqual({
      kind: "recording-invitation",
      callId: CALL,
      tenantId: TENANT,
    });
    expect(readCall({ incomingContext: { observedParticipantId: null } }).kind).toBe("incoming");
    expect(readCall({ incomingContext: { observedParticipantId: "" } }).kind).toBe("incoming");
  });

  it.each(["#microsoft.graph.call", "microsoft.graph.call", undefined])("is a call of type %s", (type) => {
    expect(readCall({ "@odata.type": type }).kind).toBe("incoming");
  });
});

describe("the call's id", () => {
  const idOf = (entry: unknown) => {
    const event = read(entry);
    return "callId" in event ? event.callId : event.kind;
  };
  const HEX = "57DAB8B1894C409AB240BD8BEAE78896";

  it("is that of the call, though the path names another", () => {
    expect(idOf(anEntry(aCall(), { resourceUrl: `/communications/calls/${HEX}` }))).toBe(CALL);
  });

  it.each([
    [{ id: undefined, "@odata.id": `/communications/calls/${HEX}` }, "/app/calls/other"],
    [{ id: undefined }, `/communications/calls/${HEX}`],
    [{ id: null }, `/app/calls/${HEX}`],
    [{ id: "" }, `communications/calls/${HEX}/`],
    [{ id: 7 }, `https://graph.microsoft.com/v1.0/communications/calls/${HEX}?x=1`],
    [{ id: undefined, "@odata.id": "" }, `/Communications/Calls/${HEX}`],
  ])("of %j at %s is read where it stands, and kept as it came", (more, resourceUrl) => {
    expect(idOf(anEntry(aCall(more), { resourceUrl }))).toBe(HEX);
  });

  it("is found in resource when there is no resourceUrl", () => {
    for (const resourceUrl of [undefined, null, ""]) {
      expect(idOf(anEntry(aCall({ id: undefined }), { resourceUrl, resource: `/app/calls/${HEX}` }))).toBe(HEX);
    }
  });

  it("makes the entry unreadable when it is nowhere", () => {
    expect(read(anEntry(aCall({ id: undefined }), { resourceUrl: undefined }))).toMatchObject({
      kind: "unreadable",
      reason: expect.stringContaining("id"),
    });
  });
});

describe("who was called", () => {
  const calledBy = (targets: unknown) => {
    const event = readCall({ targets });
    return event.kind === "incoming" ? event.call.called : undefined;
  };

  it.each([
    [[{ identity: { applicationInstance: { id: `{${ACCOUNT.toUpperCase()}}` } } }], "applicationInstance", ACCOUNT],
    [[{ identity: { application: { id: BOT } } }], "application", BOT],
    [[{ identity: { user: { id: BOB } } }, { identity: { application: { id: BOT } } }], "application", BOT],
    [[null, {}, { identity: null }, { identity: { user: { id: BOB } } }], "user", BOB],
    [[{ identity: { phone: { id: "14255550100" } } }], "phone", "+14255550100"],
    [[], "application", BOT],
    [undefined, "application", BOT],
    [null, "application", BOT],
    ["everyone", "application", BOT],
    [[{ identity: {} }], "application", BOT],
  ])("is found in %j", (targets, kind, id) => {
    expect(calledBy(targets)).toEqual({ kind, id });
  });
});

describe("who calls", () => {
  const callerOf = (identity: unknown) => {
    const event = readCall({ source: { identity } });
    return event.kind === "incoming" ? event.call.caller : undefined;
  };
  const ANONYMOUS = { kind: "anonymous", id: "" };

  it("is a user with name and tenant, where Graph gives them", () => {
    const user = { id: ALICE.toUpperCase(), displayName: "Alice", tenantId: TENANT.toUpperCase() };
    expect(callerOf({ application: null, phone: null, user })).toEqual({
      kind: "user",
      id: ALICE,
      displayName: "Alice",
      tenantId: TENANT,
    });
    expect(callerOf({ user: { id: ALICE, displayName: null, tenantId: null } })).toEqual({ kind: "user", id: ALICE });
  });

  it.each([
    [{ phone: { id: "+14255550142" } }, { kind: "phone", id: "+14255550142" }],
    [{ phone: { id: "(425) 555-0142" } }, { kind: "phone", id: "+14255550142" }],
    [{ phone: { id: "1064" } }, { kind: "phone", id: "1064" }],
    [{ assertedIdentity: { id: "14255550142" } }, { kind: "phone", id: "+14255550142" }],
    [{ assertedIdentity: { id: ALICE } }, { kind: "user", id: ALICE }],
    [{ guest: { id: BOB } }, { kind: "guest", id: BOB }],
    [{ encrypted: { id: "1pGBDsVtGz0u" } }, { kind: "encrypted", id: "1pGBDsVtGz0u" }],
  ])("%j is %j", (identity, caller) => {
    expect(callerOf(identity)).toEqual(caller);
  });

  it.each([
    [undefined],
    [null],
    [{}],
    ["alice"],
    [[]],
    [{ user: null, phone: null }],
    [{ user: {} }],
    [{ user: { id: null } }],
    [{ user: { id: "" } }],
    [{ user: { id: " " } }],
    [{ user: { id: 7 } }],
    [{ user: "alice" }],
    [{ phone: { id: "anonymous" } }],
    [{ phone: { id: "" } }],
    [{ somethingNew: { id: ALICE } }],
  ])("is anonymous when the identity is %j, and the call goes on", (identity) => {
    expect(callerOf(identity)).toEqual(ANONYMOUS);
  });

  it.each([undefined, null, [], "alice", 7])("is anonymous when the source is %j, and the call goes on", (source) => {
    expect(readCall({ source })).toMatchObject({ kind: "incoming", call: { caller: ANONYMOUS } });
  });

  it("comes from a country, where Graph names one", () => {
    const fromCountry = (countryCode: unknown) =>
      readCall({ source: { identity: { user: { id: ALICE } }, countryCode } });
    expect(fromCountry("DE")).toMatchObject({ call: { callerCountry: "DE", caller: { id: ALICE } } });
    for (const none of [null, "", 49]) expect(fromCountry(none)).not.toHaveProperty("call.callerCountry");
  });
});
