import type { Metafile } from "esbuild";
import { packageOf } from "../profile.ts";

/** Bytes of code that a bundle holds, source maps left out. */
export function bytesOf({ outputs }: Metafile): number {
  return codeOf(outputs).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Bytes of a bundle by the package that they come from, the most first. */
export function bytesByPackage({ outputs }: Metafile): [string, number][] {
  const sizes = new Map<string, number>();
  for (const { inputs } of codeOf(outputs)) {
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      const name = packageOf(input);
      sizes.set(name, (sizes.get(name) ?? 0) + bytesInOutput);
    }
  }
  return [...sizes].sort(([, one], [, other]) => other - one);
}

/** Files of source that loading a function's entry loads: its own and all that these import, but not what is imported later. */
export function loadedWith({ outputs }: Metafile, entryPoint: string): ReadonlySet<string> {
  const entry = Object.entries(outputs).find(([, output]) => output.entryPoint === entryPoint);
  if (entry === undefined) throw new Error(`${entryPoint} is no entry point of the bundle`);
  const files = new Set([entry[0]]);
  // A Set goes on to what is added while it is walked.
  for (const file of files) {
    for (const { path, kind } of outputs[file]?.imports ?? []) {
      if (kind === "import-statement" && path in outputs) files.add(path);
    }
  }
  return new Set([...files].flatMap((file) => Object.keys(outputs[file]?.inputs ?? {})));
}

function codeOf(outputs: Metafile["outputs"]) {
  return Object.entries(outputs).flatMap(([file, output]) => (file.endsWith(".js") ? [output] : []));
}
