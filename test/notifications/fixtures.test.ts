import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseBody } from "../../src/notifications/body.ts";
import type { CallEvent } from "../../src/notifications/call-event.ts";
import { outcomeOf } from "../../src/notifications/outcome.ts";
import { parseNotification } from "../../src/notifications/parse.ts";

const FOLDER = new URL("../fixtures/notifications/", import.meta.url);

const BOT = "application 570cd818-9325-59a7-9b41-20d893417843";
const ACCOUNT = "applicationInstance 84292c1d-8acc-582c-b421-be858516a6a1";
const ALICE = "user 6d17c2f5-eac8-588b-835e-843f1323bef3";
const BOB = "user 442bf7d8-aa2f-5999-b696-46483e5a6f02";
const CONTOSO = "87ae0c5e-66c6-5bb9-bf24-0d9c7f1c0e98";

const incoming = (callId: string, called: string, caller: string, more: object = {}) => ({
  incoming: callId,
  called,
  caller,
  ...more,
});
const ended = (callId: string, outcome: string, result: object = {}) => ({ ended: callId, outcome, ...result });
const ignored = "ignored";

/** Beside each file, what its entries mean; or what the whole body is. */
const EXPECTED: Record<string, readonly unknown[] | "legacy" | "malformed"> = {
  "incoming-user-to-application.json": [incoming("3da31a99-189d-56c9-b76d-32a400587971", BOT, ALICE)],
  "incoming-user-to-application-with-tenant.json": [
    incoming("fec64893-4233-5866-80f1-31a45cc3e52e", BOT, ALICE, { tenant: CONTOSO }),
  ],
  "incoming-user-to-resource-account-app-path.json": [
    incoming("0ca15291-fc36-535a-950f-454bf8a1d303", ACCOUNT, ALICE, { tenant: CONTOSO }),
  ],
  "incoming-both-resource-and-resourceurl.json": [
    incoming("76b3f480-92be-5e2a-bd64-979162b1fa6a", ACCOUNT, BOB, { tenant: CONTOSO }),
  ],
  "incoming-minimal-id-only-in-url.json": [incoming("CCFABBA4F97954FF9662A1959A4B4791", BOT, ALICE)],
  "incoming-audio-video-short.json": [
    incoming("48c35b63-5b36-53e8-9fe6-3980cf52b3c4", BOT, "user f1324637-966c-5b40-ae44-4adcea741266"),
  ],
  "incoming-pstn-caller-to-resource-account.json": [
    incoming("7b4db1c3-bb3c-5463-bd19-d52bfdace16d", ACCOUNT, "phone +14255550142", { tenant: CONTOSO }),
  ],
  "incoming-callroutes-lookup.json": [
    incoming("EB30431D356C51AA9B95BCDD168C7B26", BOT, ALICE, { dialled: "+14255550100" }),
  ],
  "incoming-forwarded-on-behalf-of.json": [
    incoming("6767ecb2-a856-50bd-aba5-9c9580f42bea", ACCOUNT, ALICE, { tenant: CONTOSO, cameFrom: BOB }),
  ],
  "incoming-transferred.json": [
    incoming("747edf5c-942f-547a-98fd-7b8b6d35b33d", ACCOUNT, "phone +14255550143", { tenant: CONTOSO, cameFrom: BOB }),
  ],
  "incoming-policy-recording-invite.json": ["recording invitation 81be3586-209a-5b62-ad03-530f8bcb1a7e"],
  "incoming-group-call-invite.json": [
    incoming("8ea078fa-18c3-54f7-9a9d-07a1d924a412", BOT, ALICE, { tenant: CONTOSO }),
  ],
  "incoming-twice-in-one-batch.json": [
    incoming("efab5059-65cf-5438-92aa-04fb4ced2238", ACCOUNT, ALICE, { tenant: CONTOSO }),
    incoming("efab5059-65cf-5438-92aa-04fb4ced2238", ACCOUNT, ALICE, { tenant: CONTOSO }),
  ],
  "incoming-utf8-bom.json": [incoming("1ef20bdf-48be-559d-8c40-90c72ce7ca06", BOT, ALICE)],
  "incoming-source-null-siblings.json": [
    incoming("f145d4c0-776c-5087-89b7-b84a78509f1c", ACCOUNT, ALICE, { tenant: CONTOSO }),
  ],
  "batch-incoming-terminated-participants.json": [
    ignored,
    incoming("987c32d6-9e14-529d-86a1-d33469126b15", ACCOUNT, ALICE, { tenant: CONTOSO }),
    ended("8e7b92ad-afb8-5c1f-afdc-0d6e504d1aa2", "no answer", { code: 487, subcode: 10004 }),
  ],
  "terminated-after-redirect-no-result.json": [ended("732b2c29-6653-5961-bbe0-77eae7475fa9", "unknown")],
  "terminated-answered-by-encrypted.json": [ended("70b4249c-5040-5e66-91d9-c696b6598c92", "answered")],
  "terminated-answered-by-multi-target.json": [ended("e39f3a65-7b34-5bf5-a9cc-58a243dd99f2", "answered")],
  "terminated-result-as-strings.json": [
    ended("b249e0d1-454e-5360-bd2d-683b5f1da362", "unknown", { code: 200, subcode: 5001 }),
  ],
  "terminated-server-error-numbers.json": [
    ended("3448bf5b-5cec-5387-be8d-5950ad476ff2", "failed", { code: 500, subcode: 7106 }),
  ],
  "terminated-callee-unreachable-pascal-case.json": [
    ended("c7298c71-0bf3-56ea-a959-dbe0570f7690", "unreachable", { code: 408, subcode: 8544 }),
  ],
  "terminated-outcomes.json": [
    { ended: "9ed5d275-13f7-5517-99e4-00578bc41591", outcome: "declined" },
    { ended: "085c8809-ef16-55ad-b2c3-0a7bf273d0c3", outcome: "busy" },
    { ended: "2beeb984-88d5-5c5e-baa9-a7ce5811bd3a", outcome: "caller gone" },
    { ended: "912e3cd4-716d-520d-ae79-17ee4429d892", outcome: "unreachable" },
  ],
  "deleted-without-state.json": [ended("ab53f529-1192-5351-bafe-01ae6a252594", "unknown")],
  "updated-establishing.json": [ignored],
  "updated-established-pascal-case.json": [ignored],
  "updated-terminating.json": [ignored],
  "updated-tone.json": [ignored],
  "participants-roster-array.json": [ignored],
  "operation-deleted-is-not-call-end.json": [ignored],
  "content-sharing-no-resourcedata.json": [ignored],
  "created-outgoing-establishing.json": [ignored],
  "unknown-enum-values.json": [ignored, ignored],
  "older-beta-callstate.json": [ignored],
  "hostile-path-traversal-id.json": ["unreadable"],
  "empty-value.json": [],
  "value-null.json": [],
  "legacy-one-to-one-2020.json": "legacy",
  "legacy-group-2017.json": "legacy",
  "malformed-trailing-comma-as-printed.json": "malformed",
  "malformed-docs-webhook-page.json": "malformed",
  "malformed-truncated.json": "malformed",
  "malformed-empty-body.json": "malformed",
  "malformed-top-level-array.json": "malformed",
};

/** An event in the words of the table above. */
function describeEvent(event: CallEvent): unknown {
  switch (event.kind) {
    case "incoming": {
      const [cameFrom] = event.call.cameFrom.filter(({ id }) => id !== event.call.called.id);
      return incoming(event.callId, nameOf(event.call.called), nameOf(event.call.caller), {
        ...(event.tenantId && { tenant: event.tenantId }),
        ...(event.dialledNumber && { dialled: event.dialledNumber }),
        ...(cameFrom && !event.dialledNumber && { cameFrom: nameOf(cameFrom) }),
      });
    }
    case "ended": {
      const { code, subcode } = event.result;
      return ended(event.callId, outcomeOf(event.result, event.answeredBy !== undefined), {
        ...(code !== undefined && { code }),
        ...(subcode !== undefined && { subcode }),
      });
    }
    case "recording-invitation":
      return `recording invitation ${event.callId}`;
    case "unreadable":
      return "unreadable";
    case "other":
      return ignored;
  }
}

function nameOf({ kind, id }: { kind: string; id: string }): string {
  return `${kind} ${id}`;
}

function read(file: string): unknown {
  const body = parseBody(readFileSync(new URL(file, FOLDER)));
  if (body.kind !== "notifications") return body.kind;
  return body.entries.map((entry) =>
    describeEvent(parseNotification(entry, { botAppId: "570cd818-9325-59a7-9b41-20d893417843", region: "US" })),
  );
}

describe("what the platform posts", () => {
  it("is covered file by file", () => {
    expect(Object.keys(EXPECTED).sort()).toEqual(readdirSync(FOLDER).sort());
  });

  it.each(Object.entries(EXPECTED))("%s", (file, expected) => {
    const found = read(file);
    if (Array.isArray(expected)) expect(found).toMatchObject(expected);
    else expect(found).toBe(expected);
  });

  it("says at which line and column a body stops being JSON", () => {
    const bytes = readFileSync(new URL("malformed-trailing-comma-as-printed.json", FOLDER));
    const lines = bytes.toString("utf8").split("\n");
    const comma = lines.findIndex((line) => line.includes('"region": "amer",'));
    const body = parseBody(bytes);
    expect(body).toMatchObject({ kind: "malformed", reason: expect.stringContaining(`line ${comma + 2},`) });
  });
});
