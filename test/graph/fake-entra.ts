import { createServer, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { text } from "node:stream/consumers";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, afterEach, beforeAll, vi } from "vitest";
import { grant } from "../../local/graph-simulator/identity-endpoint.ts";
import { selfSigned } from "./self-signed.ts";

/** A request for a token, as Entra got it. */
export interface TokenRequest {
  /** `https://HOST/TENANT/...` */
  readonly url: string;
  readonly form: URLSearchParams;
}

/** A request for a token, as the machine's managed identity got it. */
export interface IdentityRequest {
  readonly resource: string | null;
  readonly clientId: string | null;
  readonly secretHeader: string | undefined;
}

export interface FakeEntra {
  readonly tokenRequests: readonly TokenRequest[];
  readonly identityRequests: readonly IdentityRequest[];
}

/** What the fakes give out. */
export const ENTRA_TOKEN = "entra-token";
export const IDENTITY_TOKEN = "identity-token";
export const IDENTITY_SECRET = "identity-secret";

/**
 * Entra and the machine's managed identity, for the tests of a file. Nothing leaves the machine: the proxy that Azure's
 * libraries are told to use ends every connection here, with a certificate that this process trusts.
 */
export function useFakeEntra(): () => FakeEntra {
  const tokenRequests: TokenRequest[] = [];
  const identityRequests: IdentityRequest[] = [];
  const trusted = getCACertificates("default");
  const own = selfSigned("login.microsoftonline.com", "login.microsoftonline.us");

  const entra = createHttpsServer(own, async (request, response) => {
    const url = `https://${request.headers.host}${request.url}`;
    tokenRequests.push({ url, form: new URLSearchParams(await text(request)) });
    const body = { access_token: ENTRA_TOKEN, token_type: "Bearer", expires_in: 3600 };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  const proxy = createServer().on("connect", (_request, socket) => {
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    entra.emit("connection", socket);
  });
  const identity = createServer((request, response) => {
    const asked = new URL(request.url ?? "", "http://127.0.0.1").searchParams;
    const [resource, clientId] = [asked.get("resource"), asked.get("client_id")];
    const secretHeader = request.headers["x-identity-header"]?.toString();
    identityRequests.push({ resource, clientId, secretHeader });
    const body = grant({ clientId: clientId ?? "", token: IDENTITY_TOKEN }, resource ?? "");
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });

  beforeAll(async () => {
    vi.stubEnv("HTTPS_PROXY", await listen(proxy));
    vi.stubEnv("NO_PROXY", "127.0.0.1");
    vi.stubEnv("IDENTITY_ENDPOINT", `${await listen(identity)}/msi/token`);
    vi.stubEnv("IDENTITY_HEADER", IDENTITY_SECRET);
    setDefaultCACertificates([...trusted, own.cert]);
  });
  afterEach(() => {
    tokenRequests.length = 0;
    identityRequests.length = 0;
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    setDefaultCACertificates(trusted);
    for (const server of [proxy, identity]) {
      server.close();
      server.closeAllConnections();
    }
    entra.closeAllConnections();
  });
  return () => ({ tokenRequests, identityRequests });
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (typeof address !== "object" || address === null) throw new Error("the server listens without an address");
      resolve(`http://127.0.0.1:${address.port}`);
    });
  });
}
