import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freePort } from "../../local/azurite.ts";
import { findLocalStack, STACK_FILE } from "../../src/cli/local-stack.ts";

let folder: string;
let simulator: Server;
let simulatorUrl: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ringroute-"));
  const port = await freePort();
  simulatorUrl = `http://127.0.0.1:${port}`;
  simulator = createServer((_request, response) => response.writeHead(404).end());
  await new Promise<void>((resolve) => simulator.listen(port, "127.0.0.1", resolve));
});

afterEach(async () => {
  simulator.closeAllConnections();
  await new Promise((resolve) => simulator.close(resolve));
  await rm(folder, { recursive: true });
});

async function announce(text: string): Promise<void> {
  await mkdir(join(folder, ".local"), { recursive: true });
  await writeFile(join(folder, STACK_FILE), text);
}

const stack = () => ({
  appUrl: "http://127.0.0.1:7071",
  simulatorUrl,
  functionKey: "key",
  settings: { CLOUD: "local" },
});

describe("findLocalStack", () => {
  it("finds a stack that runs, in the folder or in the command's own clone", async () => {
    await announce(JSON.stringify({ pid: 1, ...stack() }));
    expect(await findLocalStack(join(folder, "elsewhere"), folder)).toEqual(stack());
  });

  it("finds none where none was started", async () => {
    expect(await findLocalStack(folder, folder)).toBeUndefined();
  });

  it("takes the file of a stack that was killed for none", async () => {
    const port = await freePort();
    await announce(JSON.stringify({ ...stack(), simulatorUrl: `http://127.0.0.1:${port}` }));
    expect(await findLocalStack(folder, folder)).toBeUndefined();
  });

  it.each(["", "{", "[]", '{"appUrl": 7}'])("takes a file that says %j for none", async (text) => {
    await announce(text);
    expect(await findLocalStack(folder, folder)).toBeUndefined();
  });
});
