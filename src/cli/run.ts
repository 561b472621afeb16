import { EXIT } from "./exit.ts";
import { ringroute } from "./main.ts";

const { argv, env, stdin, stdout, stderr } = process;

const interrupted = new AbortController();
process.once("SIGINT", () => {
  // The second one ends it wherever it is.
  stderr.write("\nStopping. Press Ctrl-C again to stop at once.\n");
  interrupted.abort();
});
stdout.on("error", (error: NodeJS.ErrnoException) => {
  // Whoever read what is printed is gone, as `head` is after its lines.
  if (error.code === "EPIPE") process.exit();
  stderr.write(`ringroute: the output cannot be written: ${error.message}.\n`);
  process.exit(EXIT.mistakes);
});
// Nobody is left to be told, and what the command found still is its exit code.
stderr.on("error", () => {});

process.exitCode = await ringroute(argv.slice(2), {
  env,
  cwd: process.cwd(),
  stdin,
  stdout,
  stderr,
  now: () => new Date(),
  interrupted: interrupted.signal,
});
