import { describe, expect, it } from "vitest";
import { parseRedirect, parseReject } from "../../local/graph-simulator/redirect-rules.ts";

const userId = "6d17c2f5-eac8-588b-835e-843f1323bef3";

function target(identity: unknown, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { "@odata.type": "#microsoft.graph.invitationParticipantInfo", identity, ...more };
}

const user = target({ "@odata.type": "#microsoft.graph.identitySet", user: { id: userId, displayName: "Megan" } });

function redirect(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { targets: [user], ...changes };
}

describe("parseRedirect", () => {
  it("reads the targets, in order, with their kind", () => {
    const phone = target({ phone: { id: "+14255550142" }, user: null });
    expect(parseRedirect(redirect({ targets: [user, phone] })).targets).toEqual([
      { kind: "user", id: userId },
      { kind: "phone", id: "+14255550142" },
    ]);
  });

  it("rings for 55 seconds at one target and 60 at several, unless told otherwise", () => {
    expect(parseRedirect(redirect()).timeoutSeconds).toBe(55);
    expect(parseRedirect(redirect({ targets: [user, user] })).timeoutSeconds).toBe(60);
    expect(parseRedirect(redirect({ timeout: 20 })).timeoutSeconds).toBe(20);
  });

  it.each([
    ["a timeout of 15 seconds", redirect({ timeout: 15 })],
    ["a timeout of 90 seconds", redirect({ timeout: 90 })],
    ["25 targets", redirect({ targets: Array(25).fill(user) })],
    ["an https callbackUri", redirect({ callbackUri: "https://calls.contoso.com/api/calls/1" })],
    ["documented routing policies", redirect({ routingPolicies: ["disableForwarding", "noMissedCall"] })],
    ["a bot as target", redirect({ targets: [target({ application: { id: userId } })] })],
    ["a resource account as target", redirect({ targets: [target({ applicationInstance: { id: userId } })] })],
    ["an opaque guest as target", redirect({ targets: [target({ guest: { id: "8:anything" } })] })],
    ["a target's voicemail", redirect({ targets: [target({ user: { id: userId } }, { endpointType: "voicemail" })] })],
  ])("takes %s", (_what, body) => {
    expect(() => parseRedirect(body)).not.toThrow();
  });

  it.each([
    ["a body that is a list", [], "body must be an object"],
    ["a property that v1.0 does not know", redirect({ maskCallee: true }), "unknown property maskCallee"],
    ["no targets property", {}, "targets must be an array"],
    ["an empty list of targets", redirect({ targets: [] }), "targets must hold 1 to 25"],
    ["26 targets", redirect({ targets: Array(26).fill(user) }), "targets must hold 1 to 25"],
    ["a timeout of 14 seconds", redirect({ timeout: 14 }), "timeout must be"],
    ["a timeout of 91 seconds", redirect({ timeout: 91 }), "timeout must be"],
    ["a timeout of half a second more", redirect({ timeout: 30.5 }), "timeout must be"],
    ["a timeout that is text", redirect({ timeout: "30" }), "timeout must be"],
    ["a timeout that is null", redirect({ timeout: null }), "timeout must be"],
    ["an http callbackUri", redirect({ callbackUri: "http://calls.contoso.com/" }), "callbackUri must be an https"],
    ["a callbackUri without a host", redirect({ callbackUri: "/api/calls" }), "callbackUri must be an https"],
    ["one routing policy outside a list", redirect({ routingPolicies: "none" }), "routingPolicies must be an array"],
    ["an invented routing policy", redirect({ routingPolicies: ["loudly"] }), "routingPolicies[0] must be one of"],
    [
      "a target of another type",
      redirect({ targets: [{ ...user, "@odata.type": "#microsoft.graph.participantInfo" }] }),
      "targets[0].@odata.type",
    ],
    [
      "a target without its type",
      redirect({ targets: [{ identity: { user: { id: userId } } }] }),
      "targets[0].@odata.type",
    ],
    [
      "an unknown property of a target",
      redirect({ targets: [{ ...user, displayName: "x" }] }),
      "unknown property displayName",
    ],
    [
      "an invented endpointType",
      redirect({ targets: [target({ user: { id: userId } }, { endpointType: "desk" })] }),
      "endpointType",
    ],
    [
      "a target without identity",
      redirect({ targets: [user, target(undefined)] }),
      "targets[1].identity must be an object",
    ],
    ["an identity of no kind", redirect({ targets: [target({ user: null })] }), "exactly one kind"],
    [
      "an identity of two kinds",
      redirect({ targets: [target({ user: { id: userId }, phone: { id: "+14255550142" } })] }),
      "exactly one kind",
    ],
    [
      "an identity of an unknown kind",
      redirect({ targets: [target({ callQueue: { id: userId } })] }),
      "unknown property callQueue",
    ],
    ["an empty id", redirect({ targets: [target({ guest: { id: "" } })] }), "guest.id must be a non-empty string"],
    [
      "a user id that is no GUID",
      redirect({ targets: [target({ user: { id: "megan@contoso.com" } })] }),
      "user.id must be a GUID",
    ],
    [
      "an app id that is no GUID",
      redirect({ targets: [target({ application: { id: "28:x" } })] }),
      "application.id must be a GUID",
    ],
    [
      "a resource account that is no GUID",
      redirect({ targets: [target({ applicationInstance: { id: "main" } })] }),
      "applicationInstance.id must be a GUID",
    ],
    [
      "a national number",
      redirect({ targets: [target({ phone: { id: "4255550142" } })] }),
      "phone.id must be an E.164 number",
    ],
    [
      "a number with spaces",
      redirect({ targets: [target({ phone: { id: "+1 425 555 0142" } })] }),
      "phone.id must be an E.164 number",
    ],
  ])("refuses %s", (_what, body, message) => {
    expect(() => parseRedirect(body)).toThrow(message);
  });
});

describe("parseReject", () => {
  it.each(["none", "busy", "forbidden", "Busy", "FORBIDDEN"])("takes the reason %s", (reason) => {
    expect(parseReject({ reason }).reason).toBe(reason.toLowerCase());
  });

  it.each([
    ["another reason", { reason: "later" }, "reason must be one of none, busy, forbidden"],
    ["no reason", {}, "reason must be one of"],
    [
      "an http callbackUri",
      { reason: "busy", callbackUri: "http://calls.contoso.com/" },
      "callbackUri must be an https",
    ],
    ["an unknown property", { reason: "busy", targets: [] }, "unknown property targets"],
  ])("refuses %s", (_what, body, message) => {
    expect(() => parseReject(body)).toThrow(message);
  });
});
