import { TableClient } from "@azure/data-tables";
import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from "@azure/functions";
import { ManagedIdentityCredential } from "@azure/identity";
import { Client } from "@microsoft/microsoft-graph-client";
import { createRemoteJWKSet, type JWTVerifyGetKey, jwtVerify } from "jose";
import * as z from "zod";

const STACK_URL = process.env.LOCAL_STACK_URL ?? "";

/** The platform's signing keys, which it fetches when it is first asked for one and then keeps. */
export function remoteKeys(): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL(`${STACK_URL}/v1/keys`));
}

const identity = z.object({ id: z.string() });
const identitySet = z.object({
  phone: identity.nullish(),
  user: identity.nullish(),
  application: identity.nullish(),
  applicationInstance: identity.nullish(),
});
const notifications = z.object({
  value: z.array(
    z.object({
      resourceData: z.object({
        id: z.string(),
        state: z.string(),
        source: z.object({ identity: identitySet.nullish() }),
        targets: z.array(z.object({ identity: identitySet })),
      }),
    }),
  ),
});

const rule = z.object({
  rowKey: z.string(),
  priority: z.number().default(100),
  caller: z.string().default("*"),
  targets: z.string(),
});

/**
 * The straightforward handler that Ringroute is measured against: the same libraries as their own pages use them, with new
 * clients for each request and the SDKs' defaults. It reads one partition and redirects; it claims, remembers and records
 * nothing, and no deadline holds it.
 *
 * @param keysOf asked for the signing keys at each request
 */
export function registerPlain(keysOf: () => JWTVerifyGetKey): void {
  app.http("calls", {
    methods: ["POST"],
    authLevel: "anonymous",
    route: "calls/{record?}",
    handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
      const token = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
      try {
        await jwtVerify(token, keysOf(), {
          audience: process.env.BOT_APP_ID ?? "",
          issuer: "https://api.botframework.com",
        });
      } catch (error) {
        context.warn("bad token", error);
        return { status: 401 };
      }
      for (const { resourceData: call } of notifications.parse(await request.json()).value) {
        if (call.state === "incoming") await redirect(call, context);
      }
      return { status: 202 };
    },
  });
}

type Call = z.infer<typeof notifications>["value"][number]["resourceData"];

async function redirect(call: Call, context: InvocationContext): Promise<void> {
  const called = call.targets[0]?.identity;
  const line = called?.applicationInstance?.id ?? called?.application?.id ?? "";
  const caller = call.source.identity?.phone?.id ?? call.source.identity?.user?.id ?? "";
  const found = await findRule(line, caller);
  if (found === undefined) {
    context.warn(`no rule for ${line}`);
    return;
  }
  const credential = new ManagedIdentityCredential({ clientId: process.env.BOT_APP_ID ?? "" });
  const { token } = await credential.getToken(`${STACK_URL}/.default`);
  const graph = Client.init({ baseUrl: `${STACK_URL}/`, authProvider: (done) => done(null, token) });
  await graph.api(`/communications/calls/${call.id}/redirect`).post({
    targets: found.targets.split(",").map(participant),
    callbackUri: `${process.env.CALLBACK_BASE_URL}/api/calls`,
  });
  context.log(`call ${call.id} to ${line} redirected by ${found.rowKey}`);
}

async function findRule(line: string, caller: string): Promise<z.infer<typeof rule> | undefined> {
  const routes = TableClient.fromConnectionString(process.env.TABLES_CONNECTION_STRING ?? "", "Routes", {
    allowInsecureConnection: true,
  });
  const rules: z.infer<typeof rule>[] = [];
  const filter = `PartitionKey eq '${line}'`;
  for await (const row of routes.listEntities({ queryOptions: { filter } })) rules.push(rule.parse(row));
  rules.sort((one, other) => one.priority - other.priority);
  return rules.find((each) => matches(each.caller, caller));
}

function matches(pattern: string, caller: string): boolean {
  return pattern.endsWith("*") ? caller.startsWith(pattern.slice(0, -1)) : caller === pattern;
}

function participant(target: string): object {
  const [, kind = "user", id = ""] = /^\s*(\w+):(\S+)/.exec(target) ?? [];
  return {
    "@odata.type": "#microsoft.graph.invitationParticipantInfo",
    identity: {
      "@odata.type": "#microsoft.graph.identitySet",
      [kind]: { "@odata.type": "#microsoft.graph.identity", id },
    },
  };
}
