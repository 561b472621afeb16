import { createServer, type ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { listen } from "../../local/listen.ts";
import { runScript } from "./run-script.ts";

type Answer = (response: ServerResponse) => void;

const WELL: Readonly<Record<string, Answer>> = {
  "GET /api/health": (response) => response.writeHead(200).end('{"status":"up"}'),
  "POST /api/calls": (response) => response.writeHead(401, { "www-authenticate": "Bearer" }).end(),
};

describe("npm run azure:smoke", () => {
  const closings: (() => void)[] = [];
  afterEach(() => {
    for (const close of closings.splice(0)) close();
  });

  async function anApp(answers: Readonly<Record<string, Answer>>): Promise<{ url: string; asked: string[] }> {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      const question = `${request.method} ${request.url}`;
      asked.push(request.headers.authorization === undefined ? question : `${question} with a token`);
      const answer = answers[question] ?? ((nothing: ServerResponse) => nothing.writeHead(404).end());
      answer(response);
    });
    closings.push(() => server.close().closeAllConnections());
    return { url: `http://127.0.0.1:${await listen(server, 0)}`, asked };
  }

  it("is content with an app that is up and refuses a post without a token", async () => {
    const { url, asked } = await anApp(WELL);
    const { code, stdout } = await runScript("smoke-test", ["--url", url]);
    expect(code).toBe(0);
    expect(stdout.split("\n").filter((line) => line.startsWith("done"))).toHaveLength(2);
    expect(asked).toEqual(["GET /api/health", "POST /api/calls"]);
  });

  it.each<[string, Record<string, Answer>, string]>([
    [
      "takes a post without a token",
      { "POST /api/calls": (response) => response.writeHead(202).end() },
      "202 instead of 401",
    ],
    [
      "is refused by something else in front of it",
      { "POST /api/calls": (response) => response.writeHead(401).end() },
      "401 without www-authenticate",
    ],
    ["cannot start", { "GET /api/health": (response) => response.writeHead(503).end() }, "503 instead of 200"],
    [
      "sends its callers elsewhere",
      {
        "GET /api/health": (response) =>
          response.writeHead(302, { location: "https://login.microsoftonline.com" }).end(),
      },
      "302 instead of 200",
    ],
  ])("fails for an app that %s", async (_, broken, says) => {
    const { url } = await anApp({ ...WELL, ...broken });
    const { code, stdout } = await runScript("smoke-test", ["--url", url, "--wait", "0"]);
    expect(code).toBe(1);
    expect(stdout).toContain(says);
  });

  it("ends with 3 when nobody answers", async () => {
    const { code, stderr } = await runScript("smoke-test", ["--url", "http://127.0.0.1:9", "--wait", "0"]);
    expect(code).toBe(3);
    expect(stderr).toContain("does not answer GET /api/health");
  });

  it("asks nothing in a dry run", async () => {
    const { url, asked } = await anApp(WELL);
    const { code, stdout } = await runScript("smoke-test", ["--url", url, "--dry-run"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^would +ask .* for GET \/api\/health, and expect 200\nwould/);
    expect(asked).toEqual([]);
  });

  it("asks over the network by https only", async () => {
    const { code, stderr } = await runScript("smoke-test", ["--url", "http://ringroute.contoso.com"]);
    expect(code).toBe(2);
    expect(stderr).toContain("https://");
  });
});
