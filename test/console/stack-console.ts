import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { STACK_FILE } from "../../src/cli/local-stack.ts";
import type { RingAnswer, RingProgress } from "../../src/console/api/calls.ts";
import { BOT, CONTOSO, type TestStack } from "../support/stack.ts";
import { type TestConsole, useConsole } from "./consoles.ts";

/** Opens a console over a stack that has told of itself as `npm start` does. */
export function useStackConsole(stack: () => TestStack): StackConsole {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ringroute-console-"));
    await mkdir(join(folder, dirname(STACK_FILE)));
    const { host, simulator, azurite } = stack();
    const announced = {
      appUrl: host.url,
      simulatorUrl: simulator.url,
      functionKey: "",
      settings: {
        CLOUD: "local",
        LOCAL_STACK_URL: simulator.url,
        TABLES_CONNECTION_STRING: azurite.connectionString,
        BOT_APP_ID: BOT,
        BOT_TENANT_ID: CONTOSO,
      },
    };
    await writeFile(join(folder, STACK_FILE), JSON.stringify(announced));
  });
  afterAll(async () => await rm(folder, { recursive: true, force: true }));
  const page = useConsole(() => ({ cwd: folder }));
  const place = async (line: string, caller: string) => {
    page().nowMs = Date.now();
    return (await page().post<RingAnswer>("ring", { line, caller })).callId;
  };
  const progressOf = async (callId: string) => await page().get<RingProgress>(`ring/${callId}`);
  return {
    page,
    place,
    progressOf,
    async ring(line, caller) {
      const callId = await place(line, caller);
      await stack().simulator.waitFor(callId, ({ finished }) => finished);
      return { callId, progress: await progressOf(callId) };
    },
  };
}

export interface StackConsole {
  readonly page: () => TestConsole;
  /** Rings, and is back when the call is placed. @returns its id */
  place(line: string, caller: string): Promise<string>;
  progressOf(callId: string): Promise<RingProgress>;
  /** Rings, and asks for the progress once the call is over. */
  ring(line: string, caller: string): Promise<{ callId: string; progress: RingProgress }>;
}
