/** Notifications as the platform posts them; tests spell only what matters. */

export const BOT = "570cd818-9325-59a7-9b41-20d893417843";
export const ACCOUNT = "84292c1d-8acc-582c-b421-be858516a6a1";
export const ALICE = "6d17c2f5-eac8-588b-835e-843f1323bef3";
export const BOB = "442bf7d8-aa2f-5999-b696-46483e5a6f02";
export const TENANT = "87ae0c5e-66c6-5bb9-bf24-0d9c7f1c0e98";
export const CALL = "3da31a99-189d-56c9-b76d-32a400587971";

export type Json = Readonly<Record<string, unknown>>;

/** A call resource: an incoming call from Alice to the resource account. A field given as undefined is left out. */
export function aCall(more: Json = {}): Json {
  return {
    "@odata.type": "#microsoft.graph.call",
    state: "incoming",
    direction: "incoming",
    source: { identity: { user: { id: ALICE } } },
    targets: [{ identity: { applicationInstance: { id: ACCOUNT } } }],
    id: CALL,
    ...more,
  };
}

/** An entry of a delivery about a call. */
export function anEntry(call: unknown = aCall(), more: Json = {}): Json {
  return {
    "@odata.type": "#microsoft.graph.commsNotification",
    changeType: "created",
    resourceUrl: `/communications/calls/${CALL}`,
    resourceData: call,
    ...more,
  };
}
