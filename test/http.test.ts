import { getEventListeners, once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { createServer as createTcpServer, type Server, type Socket } from "node:net";
import { getCACertificates, setDefaultCACertificates, TLSSocket } from "node:tls";
import { describe, expect, it, onTestFinished } from "vitest";
import { mayBeSeen, readBody, send } from "../src/http.ts";
import { selfSigned } from "./graph/self-signed.ts";

/** What node:http adds, since the connection is to be kept. */
const KEPT = ["Connection", "keep-alive"];
const REQUEST = { method: "POST", headers: {}, body: "{}" };

/** Listens at a free port until the test ends. @returns the address, without a path */
async function listen(server: Server, host = "127.0.0.1"): Promise<string> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  server.listen(0, host);
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server listens without an address");
  return `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`;
}

async function aServer(listener: RequestListener): Promise<string> {
  return await listen(createServer(listener));
}

/** Sends a request and reads its answer. */
async function exchange(url: string, signal?: AbortSignal): Promise<string> {
  return await readBody(await send(url, { ...REQUEST, signal }));
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("send", () => {
  it("sends what it is given, and keeps the connection for the next request", async () => {
    const ports: unknown[] = [];
    const url = await aServer(async (request, response) => {
      ports.push(request.socket.remotePort);
      let body = "";
      for await (const chunk of request) body += chunk;
      response.end(`${request.method} ${request.url} ${request.headers["content-length"]} ${body}`);
    });
    expect(await exchange(`${url}/a/b?c=d`)).toBe("POST /a/b?c=d 2 {}");
    expect(await exchange(`${url}/again`)).toBe("POST /again 2 {}");
    expect(ports[0]).toBe(ports[1]);
  });

  it("sends the headers that it is given, and says host and length once", async () => {
    const raw: string[][] = [];
    const url = await aServer((request, response) => {
      raw.push(request.rawHeaders);
      response.end();
    });
    const body = '{"name":"Zoë"}';
    await readBody(await send(url, { method: "POST", headers: { "Content-Type": "application/json" }, body }));
    await readBody(await send(url, { method: "GET", headers: {}, body: "" }));
    await readBody(await send(url, { method: "POST", headers: {}, body: "" }));
    const [posted = [], got = [], empty = []] = raw;
    const { host } = new URL(url);
    expect(empty).toEqual(["host", host, "content-length", "0", ...KEPT]);
    expect(posted).toEqual(["host", host, "Content-Type", "application/json", "content-length", "15", ...KEPT]);
    expect(got).toEqual(["host", host, ...KEPT]);
  });

  it("keeps a secure connection too, and refuses a certificate of another host", async () => {
    const own = selfSigned("localhost");
    const trusted = getCACertificates("default");
    setDefaultCACertificates([...trusted, own.cert]);
    onTestFinished(() => setDefaultCACertificates(trusted));
    const ports: unknown[] = [];
    const url = await listen(
      createSecureServer(own, ({ socket, headers }, response) => {
        ports.push(socket.remotePort);
        response.end(`${headers.host} ${socket instanceof TLSSocket ? socket.servername : ""}`);
      }),
    );
    const { port } = new URL(url);
    expect(await exchange(`https://localhost:${port}`)).toBe(`localhost:${port} localhost`);
    expect(await exchange(`https://localhost:${port}`)).toBe(`localhost:${port} localhost`);
    expect(ports[0]).toBe(ports[1]);
    expect(await failureOf(exchange(`https://127.0.0.1:${port}`))).toMatchObject({
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
    });
  });

  it("finds a host that is named by an IPv6 address", async () => {
    const url = await listen(
      createServer((_, response) => response.end("here")),
      "::1",
    );
    expect(await exchange(url)).toBe("here");
  });

  it("ends with the signal's reason while it waits, or before it begins", async () => {
    const given = new AbortController();
    const url = await aServer(() => given.abort(new Error("enough")));
    expect(await failureOf(exchange(url, given.signal))).toEqual(new Error("enough"));
    expect(await failureOf(exchange(url, given.signal))).toEqual(new Error("enough"));
  });

  it("leaves nothing behind at a signal that serves many requests", async () => {
    const { signal } = new AbortController();
    const url = await aServer((request, response) => {
      if (request.url === "/broken") response.destroy();
      else response.end();
    });
    await exchange(url, signal);
    await failureOf(exchange(`${url}/broken`, signal));
    await exchange(url, signal);
    expect(getEventListeners(signal, "abort").length).toBeLessThan(2);
  });

  it("dials anew after a kept connection stayed silent: others to the same host may be as dead", async () => {
    const silent = new AbortController();
    const ports: unknown[] = [];
    const asked = Promise.withResolvers<void>();
    let waiting = 0;
    const url = await aServer((request, response) => {
      ports.push(request.socket.remotePort);
      if (request.url === "/hang") silent.abort(new Error("enough"));
      else if (request.url !== "/both") response.end();
      else if (++waiting === 2) asked.resolve();
      if (request.url === "/both") void asked.promise.then(() => response.end());
    });
    await Promise.all([exchange(`${url}/both`), exchange(`${url}/both`)]);
    await failureOf(exchange(`${url}/hang`, silent.signal));
    await exchange(`${url}/then`);
    const [one, other, hung, then] = ports;
    expect([one, other]).toContain(hung);
    expect([one, other]).not.toContain(then);
  });
});

describe("mayBeSeen", () => {
  it("is false of a request to a port at which nothing listens", async () => {
    const server = createTcpServer();
    const url = await listen(server);
    server.close();
    const failure = await failureOf(exchange(url));
    expect(failure).toMatchObject({ code: "ECONNREFUSED" });
    expect(mayBeSeen(failure)).toBe(false);
  });

  it("is false of one that was given up before a secure connection stood", async () => {
    const given = new AbortController();
    const url = await listen(createTcpServer((socket) => socket.once("data", () => given.abort(new Error("enough")))));
    const failure = await failureOf(exchange(url.replace("http:", "https:"), given.signal));
    expect(failure).toEqual(new Error("enough"));
    expect(mayBeSeen(given.signal.reason)).toBe(false);
  });

  it("is false of one whose host does not speak TLS", async () => {
    const url = await aServer((_, response) => response.end());
    expect(mayBeSeen(await failureOf(exchange(url.replace("http:", "https:"))))).toBe(false);
  });

  it("is true of one whose connection broke without an answer", async () => {
    const url = await aServer(({ socket }) => socket.destroy());
    const failure = await failureOf(exchange(url));
    expect(failure).toMatchObject({ code: "ECONNRESET" });
    expect(mayBeSeen(failure)).toBe(true);
  });

  it("is true of one that was given up while it waited for its answer", async () => {
    const given = new AbortController();
    const url = await aServer(() => given.abort(new Error("enough")));
    await failureOf(exchange(url, given.signal));
    expect(mayBeSeen(given.signal.reason)).toBe(true);
  });
});

describe("readBody", () => {
  it("fails when the body breaks off, and with the signal's reason when that ended it", async () => {
    const given = new AbortController();
    const url = await aServer((request, response) => {
      response.writeHead(200, { "content-length": 100 }).write("begun");
      setImmediate(() => (request.url === "/aborted" ? given.abort(new Error("enough")) : response.destroy()));
    });
    expect(await failureOf(exchange(`${url}/broken`))).toMatchObject({ code: "ECONNRESET" });
    expect(await failureOf(exchange(`${url}/aborted`, given.signal))).toEqual(new Error("enough"));
  });

  it("keeps no more than it is asked to, and still reads to the end", async () => {
    const url = await aServer((_, response) => response.end("x".repeat(300_000)));
    const incoming = await send(url, REQUEST);
    expect((await readBody(incoming, 1000)).length).toBeLessThan(100_000);
    expect(incoming.complete).toBe(true);
  });
});
