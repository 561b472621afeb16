import { setTimeout as sleep } from "node:timers/promises";
import { type AppProcess, startAppProcess } from "../app-process.ts";
import { freePort } from "../azurite.ts";
import type { HeapSample } from "./memory.ts";

/** One process of the app. A restart makes another one of the same instance. */
export interface Incarnation {
  /** The instance's letter and a number: `A1`, then `A2`. */
  readonly name: string;
  readonly url: string;
}

export interface InstanceOptions {
  readonly settings: Readonly<Record<string, string>>;
  /** Told each line that the app logs. */
  readonly onLog: (message: string) => void;
  /** Told when a process ends that nobody ended. */
  readonly onCrash: (name: string, exitCode: number | null) => void;
}

const HOOK = new URL("heap-hook.ts", import.meta.url).href;

/** An instance of the app: at most one process at a time, which can be killed, ended and started again. */
export class Instance {
  readonly letter: string;
  readonly #options: InstanceOptions;
  #current: { readonly incarnation: Incarnation; readonly process: AppProcess; readonly heapUrl: string } | undefined;
  #count = 0;

  constructor(letter: string, options: InstanceOptions) {
    this.letter = letter;
    this.#options = options;
  }

  /** The process that takes posts now. */
  get incarnation(): Incarnation | undefined {
    return this.#current?.incarnation;
  }

  /** Starts a process; a second try covers a build that is just being replaced. */
  async start(): Promise<void> {
    try {
      await this.#start();
    } catch {
      await sleep(2000);
      await this.#start();
    }
  }

  /** Ends the process in the middle of whatever it does. @returns the name of what was killed */
  async kill(): Promise<string | undefined> {
    const current = this.#current;
    // From here on its end is no crash; posts still go to it until it is dead, as they would.
    this.#current = undefined;
    await current?.process.kill();
    return current?.incarnation.name;
  }

  /** Takes the process out of turn, waits for what it was given, and ends it. */
  async end(idle: (incarnation: string) => Promise<void>): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    if (current === undefined) return;
    await idle(current.incarnation.name);
    await current.process.stop();
  }

  /** How much the heap holds, or undefined while there is no process to ask. */
  async sampleHeap(): Promise<HeapSample | undefined> {
    const current = this.#current;
    if (current === undefined) return undefined;
    try {
      const answer = await fetch(current.heapUrl, { signal: AbortSignal.timeout(5000) });
      const { heapUsed } = (await answer.json()) as { heapUsed: number };
      return { instance: this.letter, incarnation: current.incarnation.name, atMs: performance.now(), heapUsed };
    } catch {
      // It is being restarted just now.
      return undefined;
    }
  }

  async #start(): Promise<void> {
    const { settings, onLog, onCrash } = this.#options;
    const heapPort = await freePort();
    const process = await startAppProcess(
      0,
      { ...settings, SOAK_HEAP_PORT: String(heapPort) },
      ({ message }) => onLog(message),
      ["--expose-gc", "--import", HOOK],
    );
    this.#count += 1;
    const incarnation = { name: `${this.letter}${this.#count}`, url: process.url };
    this.#current = { incarnation, process, heapUrl: `http://127.0.0.1:${heapPort}` };
    void process.ended.then((code) => {
      if (this.#current?.incarnation !== incarnation) return;
      this.#current = undefined;
      onCrash(incarnation.name, code);
    });
  }
}
