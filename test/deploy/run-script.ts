import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

/** How a script ended, and what it said. */
export interface ScriptRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script of infra/scripts in a process of its own, with no environment but the path. */
export function runScript(name: string, args: readonly string[]): Promise<ScriptRun> {
  const file = fileURLToPath(new URL(`../../infra/scripts/${name}.ts`, import.meta.url));
  return new Promise((resolve) => {
    const options = { env: { PATH: process.env.PATH }, encoding: "utf8" } as const;
    execFile(process.execPath, [file, ...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}
