import type { Readable, Writable } from "node:stream";
import type { Environment } from "../settings.ts";

/** A stream to a person or to a pipe. */
export type TextStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** What the command finds around itself. Tests bring their own. */
export interface Host {
  readonly env: Environment;
  readonly cwd: string;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly now: () => Date;
  /** Aborted by Ctrl-C: nothing more is begun, and what is being written has a moment to be finished. */
  readonly interrupted: AbortSignal;
}
