import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type FileHandle, open, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
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
  const output = await openOutput();
  const child = spawn(process.execPath, [...nodeOptions, "--import", usageHook, script, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", output.fd, "pipe", "ipc"],
  });
  const ended = once(child, "exit").finally(() => output.close());
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const failed = Promise.race([ended, once(child, "error")]).then(() => {
    throw new Error(`${script} ended before it listened: ${complaint.trim()}`);
  });
  const heard = await Promise.race([hearUrl(output, child), failed]);
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

/** A file that is gone once it is closed. A pipe would have the bench wake for each line that a measured process logs. */
async function openOutput(): Promise<FileHandle> {
  const file = join(tmpdir(), `ringroute-bench-${randomUUID()}`);
  const output = await open(file, "wx+");
  await unlink(file);
  return output;
}

const LOOK_MS = 10;
/** Most bytes that a process says until it has said where it listens. */
const MOST_SAID = 16 * 1024;

/** The address at which a process says that it listens, in the words of ours or of Azurite. */
async function hearUrl(output: FileHandle, child: ChildProcess): Promise<Pick<Child, "url" | "said">> {
  while (child.exitCode === null && child.signalCode === null) {
    const { buffer, bytesRead } = await output.read({ buffer: Buffer.alloc(MOST_SAID), position: 0 });
    const said = buffer.toString("utf8", 0, bytesRead);
    const [, address] = /(?:http:\/\/|successfully started on )(127\.0\.0\.1:\d+)\b.*\n/.exec(said) ?? [];
    if (address !== undefined) return { url: `http://${address}`, said };
    if (bytesRead === MOST_SAID) throw new Error(`a process said much, and no address: ${said.slice(0, 500)}`);
    await sleep(LOOK_MS);
  }
  return await Promise.withResolvers<never>().promise;
}

async function ask(child: ChildProcess): Promise<Usage> {
  const answer = once(child, "message");
  child.send("usage");
  return usageSchema.parse((await answer)[0]);
}
