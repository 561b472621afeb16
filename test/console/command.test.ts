import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { freePort } from "../../local/azurite.ts";
import { useAzurite } from "../support/azurite.ts";
import { runCommand } from "../support/command.ts";
import { rawRequest } from "./consoles.ts";

const azurite = useAzurite();

/** Runs the command as people do, and waits for the first line that it prints. */
async function startCommand(...args: readonly string[]) {
  const main = fileURLToPath(new URL("../../src/cli/ringroute.ts", import.meta.url));
  const { connectionString } = azurite().azurite;
  const child = spawn(process.execPath, [main, "console", ...args], {
    env: { PATH: process.env.PATH, TABLES_CONNECTION_STRING: connectionString },
    stdio: ["ignore", "pipe", "ignore"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const ended = once(child, "exit");
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([
    once(lines, "line"),
    ended.then(([code]) => Promise.reject(new Error(`ended with ${code}`))),
  ]);
  return {
    line: String(line),
    /** Presses Ctrl-C. @returns the exit code */
    async interrupt(): Promise<unknown> {
      child.kill("SIGINT");
      const [code] = await ended;
      return code;
    },
  };
}

describe("ringroute console", () => {
  it("prints the address that lets in, opens no browser from a pipe, and ends with Ctrl-C", async () => {
    const { line, interrupt } = await startCommand();
    expect(line).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/);
    const { headers } = await rawRequest(line);
    const cookie = String(headers["set-cookie"]).split(";")[0] ?? "";
    const { status, body } = await rawRequest(new URL("/", line).href, { headers: { cookie } });
    expect({ status, body }).toEqual({ status: 200, body: expect.stringContaining("<title>Ringroute") });
    expect(await interrupt()).toBe(0);
    await expect(rawRequest(line)).rejects.toThrow("ECONNREFUSED");
  });

  it("tells a program where it listens, on the port that was asked for", async () => {
    const port = await freePort();
    const { line, interrupt } = await startCommand("--json", "--no-open", "--port", String(port));
    const said: unknown = JSON.parse(line);
    expect(said).toEqual({ event: "listening", url: expect.stringContaining(`http://127.0.0.1:${port}/?token=`) });
    const taken = await runCommand(["console", "--no-open", "--port", String(port)], {
      connectionString: azurite().azurite.connectionString,
    });
    expect({ code: taken.code, stderr: taken.stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining(`Port ${port} is taken`),
    });
    expect(await interrupt()).toBe(0);
  });

  it("gives every run another token", async () => {
    const [one, other] = await Promise.all([startCommand(), startCommand()]);
    const tokens = [one, other].map(({ line }) => new URL(line).searchParams.get("token"));
    expect(tokens[0]).not.toBe(tokens[1]);
    await Promise.all([one.interrupt(), other.interrupt()]);
  });

  it.each(["many", "70000", "-1", "80.5"])("refuses %s as a port", async (port) => {
    const { code, stderr } = await runCommand(["console", "--no-open", `--port=${port}`], {
      connectionString: azurite().azurite.connectionString,
    });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`--port is "${port}"`) });
  });
});
