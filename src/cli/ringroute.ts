#!/usr/bin/env node
import { ringroute } from "./main.ts";

const interrupted = new AbortController();
process.once("SIGINT", () => {
  // The second one ends it wherever it is.
  process.stderr.write("\nStopping. Press Ctrl-C again to stop at once.\n");
  interrupted.abort();
});
// Whoever read what is printed is gone, as `head` is after its lines.
process.stdout.on("error", () => process.exit());

const { argv, env, stdin, stdout, stderr } = process;
process.exitCode = await ringroute(argv.slice(2), {
  env,
  cwd: process.cwd(),
  stdin,
  stdout,
  stderr,
  now: () => new Date(),
  interrupted: interrupted.signal,
});
