import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import * as z from "zod/mini";

const usageSchema = z.object({ cpuMs: z.number(), residentBytes: z.number(), heapBytes: z.number() });

/** What a process has used: milliseconds of processor time since it started, and memory now. */
export type Usage = z.infer<typeof usageSchema>;

/** A process that a bench started. */
export interface Child {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** What it said with that. */
  readonly said: string;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

export interface ChildOptions {
  readonly args?: readonly string[];
  readonly nodeOptions?: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Starts a script in a process of its own and waits until it says on its standard output where it listens. It ends when
 * this process does.
 *
 * @param usageHook file of the built usage-hook.ts
 * @throws Error with the script's own words when it ends before it listens
 */
export async function startChild(script: string, usageHook: string, options: ChildOptions = {}): Promise<Child> {
  const { args = [], nodeOptions = [], cwd = process.cwd(), env = {} } = options;
  const child = spawn(process.execPath, [...nodeOptions, "--import", usageHook, script, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const ended = once(child, "exit");
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const failed = Promise.race([ended, once(child, "error")]).then(() => {
    throw new Error(`${script} ended before it listened: ${complaint.trim()}`);
  });
  const heard = await Promise.race([hearUrl(child.stdout), failed]);
  failed.catch(() => undefined);
  return {
    ...heard,
    usage: () => ask(child),
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** The address at which a process says that it listens, in the words of ours or of Azurite; what comes later is not heard. */
async function hearUrl(output: Readable | null): Promise<Pick<Child, "url" | "said">> {
  const { promise, resolve } = Promise.withResolvers<Pick<Child, "url" | "said">>();
  let said = "";
  const hear = (chunk: Buffer) => {
    said += chunk.toString();
    const [, address] = /(?:http:\/\/|successfully started on )(127\.0\.0\.1:\d+)\b.*\n/.exec(said) ?? [];
    if (address === undefined) return;
    output?.off("data", hear).resume();
    resolve({ url: `http://${address}`, said });
  };
  output?.on("data", hear);
  return await promise;
}

async function ask(child: ChildProcess): Promise<Usage> {
  const answer = once(child, "message");
  child.send("usage");
  return usageSchema.parse((await answer)[0]);
}
