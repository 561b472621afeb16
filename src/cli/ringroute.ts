#!/usr/bin/env node
// This file must run on any Node.js that knows modules: nothing is imported before the version is known to do.
const LEAST_NODE = 22;

if (Number.parseInt(process.versions.node, 10) >= LEAST_NODE) await import("./run.ts");
else {
  process.stderr.write(
    `ringroute: this is Node.js ${process.versions.node}, and ringroute needs ${LEAST_NODE} or later.\n`,
  );
  process.exitCode = 2;
}

export {};
