import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach } from "vitest";
import { listen } from "../../local/listen.ts";

/** Ids of one tenant's directory. */
export const APP_ID = "24701998-1a73-4d42-8085-bf46ed0ae039";
export const TENANT_ID = "632899f8-2ea1-4604-8413-27bd2892079f";
export const BOT_PRINCIPAL = "0d2a6f0e-1f8e-4a58-9f38-0a1b2c3d4e5f";
export const IDENTITY_PRINCIPAL = "5b0a1f0e-5f0e-4d8c-9b83-8a0f6a1c2d3e";
export const IDENTITY_CLIENT_ID = "9e7d5c3b-1a2f-4e6d-8c0b-7f5a3d1e9b2c";
export const GRAPH_PRINCIPAL = "c1f0a9d8-7b6e-4d5c-9b3a-2f1e0d9c8b7a";
/** Application role and delegated scope of the same name have ids of their own. */
export const CALLS_INITIATE = "284383ee-7f6e-4e40-a2a8-e85dcb029101";

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  /** Of a GET, nothing. */
  readonly body: Partial<Entry>;
}

/** An answer that the next request to a path gets instead of its own. */
export interface Intervention {
  readonly method: "GET" | "POST" | "PATCH";
  readonly path: RegExp;
  readonly status: number;
  /** How many requests get it; default 1. */
  readonly times?: number;
  /** Graph did what was asked, and the answer was lost. */
  readonly afterwards?: boolean;
}

/** What a grant or a federated credential holds. */
interface Entry {
  readonly id: string;
  readonly principalId: string;
  readonly resourceId: string;
  readonly appRoleId: string;
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

/** The part of Microsoft Graph that the scripts ask, on loopback, two entries a page. */
export class FakeGraph {
  readonly requests: FakeRequest[] = [];
  readonly interventions: (Intervention & { left: number })[] = [];
  appRoles = [
    { id: "f6b49018-60ab-4f81-83bd-22caeabfed2d", value: "Calls.JoinGroupCall.All", member: "Application" },
    { id: "11111111-2222-4333-8444-555555555555", value: "Calls.Initiate.All", member: "User" },
    { id: CALLS_INITIATE, value: "Calls.Initiate.All", member: "Application" },
  ];
  assignments: Partial<Entry>[] = [];
  credentials: Partial<Entry>[] = [];
  url = "";

  intervene(intervention: Intervention): void {
    this.interventions.push({ ...intervention, left: intervention.times ?? 1 });
  }

  /** Requests that change something. */
  get writes(): readonly FakeRequest[] {
    return this.requests.filter(({ method }) => method !== "GET");
  }

  answer(request: FakeRequest): { readonly status: number; readonly body: unknown } {
    this.requests.push(request);
    if (request.authorization !== "Bearer local-stack") return refusal(401, "InvalidAuthenticationToken");
    const intervention = this.interventions.find(
      ({ method, path, left }) => left > 0 && method === request.method && path.test(request.path),
    );
    if (intervention === undefined) return this.#own(request);
    intervention.left -= 1;
    if (intervention.afterwards) this.#own(request);
    return refusal(intervention.status, intervention.status === 403 ? "Authorization_RequestDenied" : "TryAgain");
  }

  #own({ method, path, body }: FakeRequest): { readonly status: number; readonly body: unknown } {
    const { pathname, searchParams } = new URL(path, "http://graph");
    const skip = Number(searchParams.get("$skiptoken") ?? 0);
    const page = (entries: readonly object[]) => ({
      value: entries.slice(skip, skip + 2),
      ...(entries.length > skip + 2 && { "@odata.nextLink": `${this.url}${pathname}?$skiptoken=${skip + 2}` }),
    });
    const credentials = `/v1.0/applications(appId='${APP_ID}')/federatedIdentityCredentials`;
    switch (`${method} ${pathname}`) {
      case "GET /v1.0/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')": {
        const appRoles = this.appRoles.map(({ member, ...role }) => ({
          ...role,
          isEnabled: true,
          allowedMemberTypes: [member],
        }));
        return ok({ id: GRAPH_PRINCIPAL, appRoles });
      }
      case `GET /v1.0/servicePrincipals(appId='${APP_ID}')`:
        return ok({ id: BOT_PRINCIPAL, displayName: "Ringroute" });
      case `GET /v1.0/servicePrincipals/${IDENTITY_PRINCIPAL}`:
        return ok({ displayName: "ringroute-dev", servicePrincipalType: "ManagedIdentity" });
      case `GET /v1.0/servicePrincipals/${BOT_PRINCIPAL}/appRoleAssignments`:
        return ok(page(this.assignments));
      case `POST /v1.0/servicePrincipals/${BOT_PRINCIPAL}/appRoleAssignments`: {
        const grant = { id: crypto.randomUUID(), ...body };
        if (this.assignments.some(({ appRoleId }) => appRoleId === grant.appRoleId)) {
          return refusal(400, "Request_BadRequest");
        }
        this.assignments.push(grant);
        return { status: 201, body: grant };
      }
      case `GET ${credentials}`:
        return ok(page(this.credentials));
      case `POST ${credentials}`: {
        const created = { id: crypto.randomUUID(), ...body };
        this.credentials.push(created);
        return { status: 201, body: created };
      }
    }
    const changed = this.credentials.findIndex(({ id }) => method === "PATCH" && pathname === `${credentials}/${id}`);
    const before = this.credentials[changed];
    if (before === undefined) return refusal(404, "Request_ResourceNotFound");
    this.credentials[changed] = { ...before, ...body };
    return { status: 204, body: undefined };
  }
}

function ok(body: object) {
  return { status: 200, body };
}

function refusal(status: number, code: string) {
  return { status, body: { error: { code, message: "as the test wants it" } } };
}

/** A fake Graph for each test of a file. */
export function useFakeGraph(): () => Promise<FakeGraph> {
  const closings: (() => void)[] = [];
  afterEach(() => {
    for (const close of closings.splice(0)) close();
  });
  return async () => {
    const graph = new FakeGraph();
    const server = createServer(async (request, response) => {
      const { status, body } = graph.answer(await read(request));
      // Graph says when to come back, so nobody waits by a clock of their own.
      response.writeHead(status, { "content-type": "application/json", ...(status >= 400 && { "retry-after": "0" }) });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    });
    graph.url = `http://127.0.0.1:${await listen(server, 0)}`;
    closings.push(() => server.close().closeAllConnections());
    return graph;
  };
}

async function read(request: IncomingMessage): Promise<FakeRequest> {
  const { method = "", url = "", headers } = request;
  const body = method === "GET" ? {} : JSON.parse(await text(request));
  return { method, path: decodeURIComponent(url), authorization: headers.authorization, body };
}
