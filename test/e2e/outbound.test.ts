import { createServer } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ACCOUNT, ALICE, CONTOSO, useStack } from "../support/stack.ts";

const stack = useStack();
const DESK = "98da8a1a-1b87-452c-a713-65d3f10b1253";

/** Somebody's server, on which whatever is asked of it is kept. */
const requests: string[] = [];
const bystander = createServer((request, response) => {
  requests.push(`${request.method} ${request.url}`);
  response.end("{}");
});
let address = "";

beforeAll(async () => {
  await new Promise<void>((resolve) => bystander.listen(0, "127.0.0.1", resolve));
  const bound = bystander.address();
  address = `http://127.0.0.1:${typeof bound === "object" ? bound?.port : ""}`;
  await stack().addRow("Routes", "default", "desk", { targets: `user:${DESK}` });
});
afterAll(() => {
  bystander.close();
  bystander.closeAllConnections();
});

/** A call that names the address wherever a notification may hold one. */
function entries(callId: string): object[] {
  const call = {
    "@odata.type": "#microsoft.graph.call",
    "@odata.id": `${address}/v1.0/communications/calls/${callId}`,
    "@odata.nextLink": address,
    id: callId,
    state: "incoming",
    tenantId: CONTOSO,
    callbackUri: `${address}/callback`,
    mediaConfig: { removeFromDefaultAudioGroup: true, prefetchMedia: [{ uri: address }] },
    meetingInfo: { joinWebUrl: address },
    source: { identity: { user: { id: ALICE, tenantId: CONTOSO } } },
    targets: [{ identity: { applicationInstance: { id: ACCOUNT } } }],
  };
  const url = `${address}/communications/calls/${callId}`;
  return [
    { changeType: "created", resource: url, resourceUrl: url, resourceData: call },
    { changeType: "created", resourceUrl: `/communications/calls/${callId}`, resourceData: call },
    { changeType: "deleted", resourceUrl: url, resourceData: { ...call, state: "terminated" } },
    { changeType: "created", resourceUrl: url, resourceData: { ...call, id: undefined } },
  ];
}

it("asks nothing of an address that a notification names", async () => {
  for (const entry of entries(crypto.randomUUID())) {
    expect((await stack().post({ value: [entry] })).status).toBe(202);
  }
  expect(requests).toEqual([]);
});

it("gives Graph its own address for what comes next, not the notification's", async () => {
  const callId = crypto.randomUUID();
  const [, entry] = entries(callId);
  await stack().post({ value: [entry] });
  const bodies = stack()
    .requestsFor(callId)
    .map(({ request }) => request.body);
  expect(bodies).toMatchObject([
    { callbackUri: expect.stringMatching(/^https:\/\/calls\.contoso\.com\/api\/calls\/\d+$/) },
  ]);
});
