import { describe, expect, it } from "vitest";
import { useAzurite } from "../support/azurite.ts";
import { rawRequest, useConsole } from "./consoles.ts";

const azurite = useAzurite();
const page = useConsole(() => ({ connectionString: azurite().azurite.connectionString }));

const STATE = "/api/state";
const LINE = "7629bdce-046c-4903-86b4-a8f718277e1a";

function ask(path: string, headers: Readonly<Record<string, string>> = {}) {
  return rawRequest(`${page().origin}${path}`, { headers: { cookie: page().cookie, ...headers } });
}

describe("the console's address", () => {
  it("lets in whoever opens it as printed, and takes the token out of the address", async () => {
    const { status, headers } = await rawRequest(page().url);
    expect({ status, location: headers.location }).toEqual({ status: 303, location: "/" });
    const cookie = String(headers["set-cookie"]);
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
    expect(cookie).toContain(`ringroute-${new URL(page().url).port}=`);
    expect(cookie).not.toContain(new URL(page().url).searchParams.get("token"));
  });

  it("is 256 bits of chance in a token, and on this machine only", async () => {
    const { hostname, port, searchParams } = new URL(page().url);
    expect(hostname).toBe("127.0.0.1");
    expect(Buffer.from(searchParams.get("token") ?? "", "base64url")).toHaveLength(32);
    await expect(rawRequest(`http://127.0.0.2:${port}/`)).rejects.toThrow();
  });

  it.each([
    ["a wrong token", "/?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"],
    ["an empty token", "/?token="],
    ["no token and no cookie", "/"],
    ["no cookie, to the rows", STATE],
    ["no cookie, to a page that there is not", "/admin"],
  ])("refuses %s with 403 and says what to do", async (_, path) => {
    const { status, headers, body } = await rawRequest(`${page().origin}${path}`);
    expect({ status, cookie: headers["set-cookie"] }).toEqual({ status: 403, cookie: undefined });
    expect(body).toMatch(/open the address that/i);
  });

  it("refuses the cookie of another run on the same port", async () => {
    const [name] = page().cookie.split("=");
    const { status } = await ask(STATE, { cookie: `${name}=${"A".repeat(43)}` });
    expect(status).toBe(403);
  });
});

describe("requests from elsewhere", () => {
  it.each([
    ["a name that was made to point here", { host: "calls.contoso.com" }],
    ["that name with the right port", { host: "rebound.example:1" }],
    ["this machine without the port", { host: "127.0.0.1" }],
    ["the page of another site", { origin: "https://contoso.com" }],
    ["a page in a sandbox", { origin: "null" }],
    ["another port of this machine", { origin: "http://127.0.0.1:1" }],
    ["a link on another site", { "sec-fetch-site": "cross-site" }],
    ["a page of another port", { "sec-fetch-site": "same-site" }],
  ])("are refused with 403 although the cookie is right: %s", async (_, headers) => {
    const { status, body } = await ask(STATE, headers);
    expect({ status, says: JSON.parse(body) }).toEqual({ status: 403, says: { error: expect.stringMatching(/\.$/) } });
  });

  it("do not get in with the right token either, when another site leads to it", async () => {
    const { status, headers } = await rawRequest(page().url, { headers: { "sec-fetch-site": "cross-site" } });
    expect({ status, cookie: headers["set-cookie"] }).toEqual({ status: 403, cookie: undefined });
  });

  it("are told from the console's own page, by both names of this machine", async () => {
    const { port } = new URL(page().url);
    const own = { host: `localhost:${port}`, origin: `http://localhost:${port}`, "sec-fetch-site": "same-origin" };
    expect((await ask(STATE, own)).status).toBe(200);
    expect((await ask(STATE, { origin: page().origin })).status).toBe(200);
    expect((await ask(STATE, { "sec-fetch-site": "none" })).status).toBe(200);
    const mixed = { host: `localhost:${port}`, origin: `http://127.0.0.1:${port}` };
    expect((await ask(STATE, mixed)).status).toBe(403);
  });
});

describe("every answer of the console", () => {
  it.each([
    ["the page", "/", 200],
    ["the rows", STATE, 200],
    ["a refusal", "/api/nothing", 404],
  ])(
    "lets nothing but the page's own files be loaded, and no other page look inside: %s",
    async (_, path, expected) => {
      const { status, headers } = await ask(path);
      expect(status).toBe(expected);
      expect(headers).toMatchObject({
        "content-security-policy":
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
      });
    },
  );

  it("is never kept by the browser when it holds rows, and kept only as long as it is the same when it is the page", async () => {
    expect((await ask(STATE)).headers["cache-control"]).toBe("no-store");
    const { headers, body } = await ask("/page.js");
    expect(headers).toMatchObject({ "cache-control": "no-cache", "content-type": "text/javascript; charset=utf-8" });
    expect(body.length).toBeGreaterThan(0);
    const again = await ask("/page.js", { "if-none-match": String(headers.etag) });
    expect({ status: again.status, body: again.body }).toEqual({ status: 304, body: "" });
  });
});

describe("what is asked for again", () => {
  it("comes over once as long as it is the same, and whole when it is another", async () => {
    const first = await ask("/api/lines");
    const mark = String(first.headers.etag);
    const again = await ask("/api/lines", { "if-none-match": mark });
    expect(again).toMatchObject({ status: 304, body: "", headers: { "cache-control": "no-store", etag: mark } });
    await azurite().tables.Lines.createEntity({ partitionKey: "line", rowKey: LINE, name: "Support" });
    page().wait(6);
    await page().get("lines");
    const changed = await ask("/api/lines", { "if-none-match": mark });
    expect({ status: changed.status, says: JSON.parse(changed.body) }).toMatchObject({
      status: 200,
      says: { lines: [{ id: LINE, label: "Support" }] },
    });
  });

  it("is told to nobody who has not been let in, whatever mark they know", async () => {
    const { headers } = await ask("/api/problems");
    const { status } = await rawRequest(`${page().origin}/api/problems`, {
      headers: { "if-none-match": String(headers.etag) },
    });
    expect(status).toBe(403);
  });
});

describe("requests that cannot be answered", () => {
  const send = (path: string, method: string, headers = {}, body?: string) =>
    rawRequest(`${page().origin}${path}`, {
      method,
      headers: { cookie: page().cookie, ...headers },
      ...(body === undefined ? {} : { body }),
    });

  it("are 404 where there is nothing, and 405 where the method is not taken", async () => {
    for (const path of ["/api/nothing", "/api/toString", "/api/", "/package.json", "/../package.json"])
      expect({ path, status: (await send(path, "GET")).status }).toEqual({ path, status: 404 });
    expect((await send(STATE, "POST")).status).toBe(405);
    expect((await send("/api/write", "GET")).status).toBe(405);
    expect((await send("/api/write", "DELETE")).status).toBe(405);
    expect((await send("/", "POST")).status).toBe(405);
  });

  it("are 413 when they are longer than anybody types", async () => {
    const long = JSON.stringify({ ticket: "x".repeat(256 * 1024) });
    expect((await send("/api/write", "POST", {}, long)).status).toBe(413);
    expect((await send("/api/write", "POST", { "content-length": String(long.length) }, long)).status).toBe(413);
  });

  it("are 413 when a file is longer than 50 MiB, before it is read", async () => {
    const { status, body } = await send(
      "/api/import?name=lists.csv",
      "POST",
      {
        "content-length": String(50 * 1024 * 1024 + 1),
      },
      "+",
    );
    expect({ status, body }).toEqual({ status: 413, body: expect.stringContaining("51200 KiB") });
  });

  it("are 400 when they are no JSON or not what the page sends, and say what is wrong", async () => {
    expect(await send("/api/write", "POST", {}, "{")).toMatchObject({ status: 400 });
    const { status, body } = await send("/api/review", "POST", {}, '{"table":"Calls","keys":{},"cells":null}');
    expect({ status, body }).toEqual({ status: 400, body: expect.stringContaining("table: ") });
    expect(await send("/api/week", "GET")).toMatchObject({ status: 400 });
    expect(await send("/api/rows?table=Calls", "GET")).toMatchObject({ status: 400 });
    expect(await send("/api/rows?table=Lines&limit=5000", "GET")).toMatchObject({ status: 400 });
  });
});
