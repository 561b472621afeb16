import { benchDecide } from "./decide.ts";
import { benchRemember } from "./remember.ts";

/** The benches by name: npm run bench -- NAME. */
const BENCHES: Readonly<Record<string, () => Promise<void> | void>> = { decide: benchDecide, remember: benchRemember };

const name = process.argv[2] ?? "";
const bench = BENCHES[name];
if (bench === undefined) {
  process.stderr.write(`npm run bench -- NAME, where NAME is one of: ${Object.keys(BENCHES).join(", ")}\n`);
  process.exitCode = 2;
} else {
  await bench();
}
