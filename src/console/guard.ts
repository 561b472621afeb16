import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Refused } from "./refused.ts";

/** Bytes of a secret: 256 bits, which nobody guesses. */
const SECRET_BYTES = 32;

/** Headers of every answer. Nothing but the page's own files is loaded, and no other page may look inside. */
export const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/**
 * Lets in whoever was given the address that was printed, and nobody else: neither other users of the machine, nor a page
 * from elsewhere in the same browser, nor a name that somebody made point to this machine (DNS rebinding).
 */
export class Guard {
  readonly #token = secret();
  readonly #session = secret();
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  /** The address that opens the page. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}/?token=${this.#token}`;
  }

  /** For the Set-Cookie header. Browsers do not tell ports apart in cookies, so its name does. */
  get cookie(): string {
    return `${this.#cookieName}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  get #cookieName(): string {
    return `ringroute-${this.#port}`;
  }

  /** @throws Refused 403 when the request comes from another place than the console's own page or the address bar */
  refuseForeign({ headers }: IncomingMessage): void {
    const hosts = [`127.0.0.1:${this.#port}`, `localhost:${this.#port}`];
    if (!hosts.includes(headers.host ?? "")) throw new Refused(403, `This console answers only at ${hosts[0]}.`);
    const { origin } = headers;
    if (origin !== undefined && origin !== `http://${headers.host}`)
      throw new Refused(403, "Another page asked for this; the console serves its own page only.");
    const site = headers["sec-fetch-site"];
    if (site !== undefined && site !== "same-origin" && site !== "none")
      throw new Refused(403, "Another site led here; open the address that ringroute console printed.");
  }

  /** @throws Refused 403 when the token is not the one in the printed address */
  refuseWrongToken(token: string): void {
    if (!isSame(token, this.#token))
      throw new Refused(403, "The token in the address is not this console's; open the address that it printed.");
  }

  /** @throws Refused 403 when the browser has not opened the printed address */
  refuseStranger({ headers }: IncomingMessage): void {
    const cookies = (headers.cookie ?? "").split(";").map((each) => each.trim());
    const held = cookies.find((each) => each.startsWith(`${this.#cookieName}=`))?.slice(this.#cookieName.length + 1);
    if (held === undefined || !isSame(held, this.#session))
      throw new Refused(403, "Open the address that ringroute console printed: the token in it lets you in.");
  }
}

function secret(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}

/** Compares in a time that tells nothing of where two secrets differ, nor of their lengths. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
