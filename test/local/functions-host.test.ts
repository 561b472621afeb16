import { type IncomingHttpHeaders, request } from "node:http";
import { app, type HttpFunctionOptions, HttpResponse } from "@azure/functions";
import { describe, expect, it } from "vitest";
import { anHttp, useHosts } from "../support/hosts.ts";

const { hostOf, lines } = useHosts();

/** The status of a request that fetch would not send in this form. */
function rawRequest(
  url: string,
  options: { method?: string; path?: string; headers?: Record<string, string>; chunks?: string[] },
): Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port, pathname } = new URL(url);
    const { method = "POST", path = pathname, headers = {}, chunks = [] } = options;
    const sent = request({ hostname, port, path, method, headers, agent: false }, async (response) => {
      let body = "";
      for await (const chunk of response) body += String(chunk);
      resolve({ status: response.statusCode, headers: response.headers, body });
    });
    sent.on("error", reject);
    for (const chunk of chunks) sent.write(chunk);
    sent.end();
  });
}

describe("startFunctionsHost: routes", () => {
  it("serves a function under /api and its own name when it names no route", async () => {
    const host = await hostOf(() => anHttp("calls"));
    const response = await fetch(`${host.url}/api/calls`);
    expect([response.status, await response.text()]).toEqual([200, "calls"]);
  });

  it("answers 404 with an empty body for a path without a function", async () => {
    const host = await hostOf(() => anHttp("calls"));
    const response = await fetch(`${host.url}/api/other`);
    expect([response.status, await response.text()]).toEqual([404, ""]);
  });

  it("answers 404, not 405, for a method that the route does not take, as the real host does", async () => {
    const host = await hostOf(() => anHttp("calls", { methods: ["POST"] }));
    expect((await fetch(`${host.url}/api/calls`)).status).toBe(404);
    expect((await fetch(`${host.url}/api/calls`, { method: "HEAD" })).status).toBe(404);
  });

  it("takes GET and POST when the function names no methods", async () => {
    const host = await hostOf(() => anHttp("calls"));
    const statuses = await Promise.all(
      ["GET", "POST", "PUT"].map((method) => fetch(`${host.url}/api/calls`, { method })),
    );
    expect(statuses.map((response) => response.status)).toEqual([200, 200, 404]);
  });

  it("prefers a literal to a parameter, whichever was registered first", async () => {
    const host = await hostOf(() => {
      anHttp("any", { route: "calls/{record}" });
      anHttp("health", { route: "calls/health" });
    });
    expect(await (await fetch(`${host.url}/api/calls/health`)).text()).toBe("health");
    expect(await (await fetch(`${host.url}/api/calls/17`)).text()).toBe("any");
  });

  it("hands route parameters over decoded and leaves an absent optional one out", async () => {
    const host = await hostOf(() =>
      anHttp("calls", { route: "calls/{record?}", handler: ({ params }) => ({ jsonBody: params }) }),
    );
    expect(await (await fetch(`${host.url}/api/calls/a%20b%2Fc`)).json()).toEqual({ record: "a b%2Fc" });
    expect(await (await fetch(`${host.url}/api/calls`)).json()).toEqual({});
    expect((await fetch(`${host.url}/api/calls/a/b`)).status).toBe(404);
  });

  it("serves at the root when the prefix is empty", async () => {
    const host = await hostOf(() => anHttp("calls"), { routePrefix: "" });
    expect((await fetch(`${host.url}/calls`)).status).toBe(200);
    expect(host.functions).toMatchObject([{ kind: "http", route: "/calls", methods: ["GET", "POST"] }]);
  });

  it("answers 400 for a path whose percent signs make no sense", async () => {
    const host = await hostOf(() => anHttp("calls"));
    expect((await rawRequest(host.url, { path: "/api/%zz" })).status).toBe(400);
  });
});

describe("startFunctionsHost: keys", () => {
  it("opens a function of level function only with a configured key, in the header or as code", async () => {
    const host = await hostOf(() => anHttp("calls", { authLevel: "function" }), { functionKeys: ["right"] });
    const url = `${host.url}/api/calls`;
    const statuses = [
      await fetch(url),
      await fetch(url, { headers: { "x-functions-key": "wrong" } }),
      await fetch(url, { headers: { "x-functions-key": "right" } }),
      await fetch(`${url}?code=right`),
    ].map((response) => response.status);
    expect(statuses).toEqual([401, 401, 200, 200]);
  });

  it("opens nothing but anonymous functions when no key is configured", async () => {
    const host = await hostOf(() => {
      anHttp("open", { authLevel: "anonymous" });
      anHttp("shut", { authLevel: "admin" });
    });
    expect((await fetch(`${host.url}/api/open`)).status).toBe(200);
    expect((await fetch(`${host.url}/api/shut?code=`)).status).toBe(401);
  });
});

describe("startFunctionsHost: the request", () => {
  it("hands over method, url, query, headers and the bytes of the body", async () => {
    const host = await hostOf(() =>
      anHttp("echo", {
        handler: async (incoming) => ({
          jsonBody: {
            method: incoming.method,
            url: incoming.url,
            query: incoming.query.get("a"),
            header: incoming.headers.get("authorization"),
            hex: Buffer.from(await incoming.arrayBuffer()).toString("hex"),
          },
        }),
      }),
    );
    const url = `${host.url}/api/echo?a=1&a=2`;
    const body = Uint8Array.of(0xef, 0xbb, 0xbf, 0x00, 0xff);
    const response = await fetch(url, { method: "POST", body, headers: { Authorization: "Bearer x" } });
    expect(await response.json()).toEqual({
      method: "POST",
      url,
      query: "1,2",
      header: "Bearer x",
      hex: "efbbbf00ff",
    });
  });

  it("answers 413 beyond the limit, by Content-Length or by count, and takes a body of exactly the limit", async () => {
    const handler: HttpFunctionOptions["handler"] = async (incoming) => ({ body: await incoming.text() });
    const host = await hostOf(() => anHttp("calls", { handler }), { maxBodyBytes: 8 });
    const url = `${host.url}/api/calls`;
    expect((await fetch(url, { method: "POST", body: "123456789" })).status).toBe(413);
    expect((await rawRequest(url, { chunks: ["12345", "6789"] })).status).toBe(413);
    expect(await (await fetch(url, { method: "POST", body: "12345678" })).text()).toBe("12345678");
  });

  it("keeps a chunked body from the function, as the real host does, and says so", async () => {
    const host = await hostOf(() =>
      anHttp("calls", { handler: async (incoming) => ({ body: `<${await incoming.text()}>` }) }),
    );
    const response = await rawRequest(`${host.url}/api/calls`, { chunks: ["a", "b"] });
    expect(response.body).toBe("<>");
    expect(lines).toMatchObject([{ level: "warning", category: "system" }]);
  });

  it("carries the caller's trace on", async () => {
    const host = await hostOf(() =>
      anHttp("trace", { handler: (_request, context) => ({ body: context.traceContext?.traceParent ?? "" }) }),
    );
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const seen = await (await fetch(`${host.url}/api/trace`, { headers: { traceparent } })).text();
    expect(seen).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-01$/);
  });
});

describe("startFunctionsHost: the answer", () => {
  it("writes status, headers, cookies and body of what the function returned", async () => {
    const host = await hostOf(() =>
      anHttp("calls", {
        handler: () =>
          new HttpResponse({
            status: 401,
            headers: { "WWW-Authenticate": "Bearer" },
            jsonBody: { wrong: "audience" },
            cookies: [{ name: "a", value: "b c", httpOnly: true, sameSite: "Strict", maxAge: 5 }],
          }),
      }),
    );
    const response = await fetch(`${host.url}/api/calls`);
    expect(response.status).toBe(401);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "www-authenticate": "Bearer",
      "content-type": "application/json",
      "content-length": "20",
      "set-cookie": "a=b%20c; max-age=5; path=/; samesite=strict; httponly",
    });
    expect(await response.json()).toEqual({ wrong: "audience" });
  });

  it("answers 204 when the function returns nothing, and when it says 204", async () => {
    const host = await hostOf(() => {
      app.hook.postInvocation((context) => {
        if (context.invocationContext.functionName === "nothing") context.result = undefined;
      });
      anHttp("nothing");
      anHttp("says", { handler: () => ({ status: 204 }) });
    });
    expect((await fetch(`${host.url}/api/nothing`)).status).toBe(204);
    expect((await fetch(`${host.url}/api/says`)).status).toBe(204);
  });

  it("answers 500 with an empty body when the function throws, and logs the error under its invocation", async () => {
    const host = await hostOf(() =>
      anHttp("calls", {
        handler: () => {
          throw new TypeError("no such line");
        },
      }),
    );
    const response = await fetch(`${host.url}/api/calls`);
    expect([response.status, await response.text()]).toEqual([500, ""]);
    expect(lines).toEqual([
      {
        level: "error",
        category: "system",
        functionName: "calls",
        invocationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        message: expect.stringContaining("TypeError: no such line"),
      },
    ]);
  });

  it.each([["a string"], [undefined]])("counts a thrown %s as a failure", async (thrown) => {
    const host = await hostOf(() => anHttp("calls", { handler: () => Promise.reject(thrown) }));
    expect((await fetch(`${host.url}/api/calls`)).status).toBe(500);
  });

  it("answers 500 and logs it when the result is no HTTP response", async () => {
    const host = await hostOf(() => {
      app.hook.postInvocation((context) => {
        context.result = "a bare string";
      });
      anHttp("calls");
    });
    expect((await fetch(`${host.url}/api/calls`)).status).toBe(500);
    expect(lines).toMatchObject([{ level: "error", message: expect.stringContaining("must be an object") }]);
  });
});
