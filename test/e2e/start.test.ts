import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));

interface RungCall {
  readonly event: string;
  readonly request: { readonly targets: unknown[]; readonly routingPolicies?: string[]; readonly callbackUri: string };
}

describe("npm start -- --exit --json", () => {
  it("rings the three calls of Graph's redirect page, and sends Graph what the page sends", async () => {
    const { stdout } = await run(process.execPath, ["local/start.ts", "--exit", "--json", "--port", "0"], {
      cwd: root,
    });
    const lines: RungCall[] = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const calls = lines.filter(({ event }) => event === "call");
    expect(calls).toMatchObject([
      { action: "redirect", status: 202, outcome: "answered", elapsedMs: expect.any(Number) },
      { action: "redirect", status: 202, outcome: "answered" },
      { action: "redirect", status: 202, outcome: "answered", line: "7629bdce-046c-4903-86b4-a8f718277e1a" },
    ]);
    expect(calls.map(({ request }) => request.targets.length)).toEqual([1, 2, 1]);
    expect(calls.map(({ request }) => request.routingPolicies)).toEqual([undefined, ["disableForwarding"], undefined]);
    expect(lines.at(-1)).toEqual({ event: "summary", calls: 3, redirected: 3, failed: 0 });
  });

  it("names the option at fault", async () => {
    const failed = run(process.execPath, ["local/start.ts", "--port", "many"], { cwd: root });
    await expect(failed).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('--port is "many"') });
  });
});
