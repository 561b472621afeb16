import { createHash, generateKeyPair, type KeyObject } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import { promisify } from "node:util";
import { type JWTHeaderParameters, type JWTPayload, SignJWT } from "jose";
import { onTestFinished } from "vitest";

export const BOT = "570cd818-9325-59a7-9b41-20d893417843";
export const TENANT = "87ae0c5e-66c6-5bb9-bf24-0d9c7f1c0e98";
export const ISSUER = "https://api.botframework.com";

const generate = promisify(generateKeyPair);

/** A key as a platform has it: public half for the key server, private half for its tokens. */
export class TestKey {
  readonly kid: string;
  readonly #publicKey: KeyObject;
  readonly #privateKey: KeyObject;

  private constructor(kid: string, publicKey: KeyObject, privateKey: KeyObject) {
    this.kid = kid;
    this.#publicKey = publicKey;
    this.#privateKey = privateKey;
  }

  static async create(kid?: string): Promise<TestKey> {
    const { publicKey, privateKey } = await generate("rsa", { modulusLength: 2048 });
    const thumbprint = createHash("sha1")
      .update(publicKey.export({ type: "spki", format: "der" }))
      .digest("base64url");
    return new TestKey(kid ?? thumbprint, publicKey, privateKey);
  }

  /** The public half in a key set, `kid` equal to `x5t` and without `alg`, as the platform's are. */
  published(more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
    return { ...this.#publicKey.export({ format: "jwk" }), use: "sig", kid: this.kid, x5t: this.kid, ...more };
  }

  /** A good token of the platform's, except for what is given. Undefined leaves a claim or a header out. */
  sign(claims: Readonly<Record<string, unknown>> = {}, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const payload: JWTPayload = { aud: BOT, iss: ISSUER, tid: TENANT, iat: now, nbf: now, exp: now + 3900, ...claims };
    return new SignJWT(payload)
      .setProtectedHeader({ typ: "JWT", alg: "RS256", kid: this.kid, x5t: this.kid, ...header })
      .sign(this.#privateKey);
  }
}

/** What the key server does. A function answers by itself. */
export type Behaviour = "serve" | "hang" | "fail" | ((response: ServerResponse) => void);

/** A key server of which everything can be had: odd sets, silence, and how often it was asked. */
export interface KeyServer {
  readonly metadataUrl: string;
  /** Paths that were asked for, oldest first. */
  readonly requests: readonly string[];
  /** The key set, and the metadata's properties besides `jwks_uri`. */
  keys: readonly unknown[];
  metadata: Readonly<Record<string, unknown>>;
  behaviour: Behaviour;
  /** Ends it before the test does. */
  close(): Promise<void>;
}

/** Starts a key server that ends with the test. */
export async function startKeyServer(...keys: readonly unknown[]): Promise<KeyServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? "");
    if (typeof keyServer.behaviour === "function") keyServer.behaviour(response);
    else if (keyServer.behaviour === "fail") response.writeHead(503).end("down");
    else if (keyServer.behaviour === "serve") response.end(JSON.stringify(bodyOf(request.url)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server listens without an address");
  const origin = `http://127.0.0.1:${address.port}`;
  const keyServer: KeyServer = {
    metadataUrl: `${origin}/v1/.well-known/OpenIdConfiguration`,
    requests,
    keys,
    metadata: { issuer: ISSUER, id_token_signing_alg_values_supported: ["RSA256"] },
    behaviour: "serve",
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  onTestFinished(() => keyServer.close());
  return keyServer;

  function bodyOf(path: string | undefined): unknown {
    return path === "/v1/keys" ? { keys: keyServer.keys } : { jwks_uri: `${origin}/v1/keys`, ...keyServer.metadata };
  }
}
