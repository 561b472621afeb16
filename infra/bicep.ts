import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The version that wrote the snapshots; another one may predict in other words. */
export const BICEP_VERSION = "0.49.2";

/** Where the templates are, with a slash at its end. */
export const INFRA = fileURLToPath(new URL(".", import.meta.url));

/** Where install-bicep.ts restores packages to. */
export const INSTALLED = fileURLToPath(new URL("../.local/bicep/", import.meta.url));

/** Environments: each is a parameter file, and has a snapshot beside it. */
export const ENVIRONMENTS: readonly string[] = readdirSync(INFRA)
  .filter((file) => file.endsWith(".bicepparam"))
  .map((file) => basename(file, ".bicepparam"));

const HOW_TO_GET_IT =
  "install it (node infra/install-bicep.ts where there is the .NET SDK, or az bicep install), or name it in the variable BICEP";

/** What parameter files read from the environment and have no example of their own for. */
const EXAMPLES = { ALERT_EMAIL: "voice@contoso.com", BUDGET_START: "2026-01-01" };

/** What a run of the compiler left. */
export interface CompilerRun {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The compiler's path: `$BICEP`, else `bicep` on the PATH, else what install-bicep.ts installed, else the Azure CLI's own.
 *
 * @throws Error when `$BICEP` leads nowhere
 */
export function findCompiler(environment: NodeJS.ProcessEnv): string | undefined {
  const { BICEP, PATH = "", AZURE_CONFIG_DIR = join(homedir(), ".azure") } = environment;
  if (BICEP) {
    if (!existsSync(BICEP)) throw new Error(`BICEP is "${BICEP}", where no file is`);
    return BICEP;
  }
  const file = process.platform === "win32" ? "bicep.exe" : "bicep";
  const installed = join(INSTALLED, "azure.bicep.commandline.linux-x64", BICEP_VERSION, "tools");
  const folders = [...PATH.split(delimiter), installed, join(AZURE_CONFIG_DIR, "bin")];
  return folders.map((folder) => join(folder, file)).find((path) => existsSync(path));
}

/** Why infra checks do not run where there is no compiler, and how to get one. */
export function withoutCompiler(environment: NodeJS.ProcessEnv): { readonly failure: boolean; readonly says: string } {
  const failure = Boolean(environment.CI);
  const what = failure ? "the infra checks need the Bicep compiler" : "the infra checks are skipped";
  return { failure, says: `${what}: there is none on this machine; ${HOW_TO_GET_IT}` };
}

/** Runs the compiler in a folder; what parameter files read from the environment is the same on every machine. */
export function runCompiler(compiler: string, args: readonly string[], cwd = INFRA): CompilerRun {
  const kept = Object.entries(process.env).filter(([name]) =>
    /^(PATH|HOME|TMP|TMPDIR|TEMP|USERPROFILE|SYSTEMROOT|DOTNET_.*)$/i.test(name),
  );
  const { status, error, stdout, stderr } = spawnSync(compiler, args, {
    cwd,
    env: { ...Object.fromEntries(kept), ...EXAMPLES },
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw new Error(`${compiler} did not run: ${error.message}`, { cause: error });
  return { ok: status === 0, stdout, stderr };
}
