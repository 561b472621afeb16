import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The version that wrote the snapshots; another one may predict in other words. */
export const BICEP_VERSION = "0.49.2";

/** The project's folder, with a slash at its end: paths here start from it. */
export const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** Where install-bicep.ts restores packages to. */
export const INSTALLED = `${ROOT}.local/bicep/`;

/** Environments by name: a parameter file's path each, without its ending. */
export const ENVIRONMENTS = parameterFilesIn("infra");

/** Every parameter file, those of tests for what no environment asks for included. Each has a snapshot beside it. */
export const PARAMETER_FILES: ReadonlyMap<string, string> = new Map([
  ...ENVIRONMENTS,
  ...parameterFilesIn("test/fixtures/infra"),
]);

function parameterFilesIn(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(join(ROOT, folder))
    .filter((file) => file.endsWith(".bicepparam"))
    .map((file) => basename(file, ".bicepparam"));
  return new Map(names.map((name) => [name, `${folder}/${name}`]));
}

const HOW_TO_GET_IT =
  "install it (node infra/install-bicep.ts where there is the .NET SDK, or az bicep install), or name it in the variable BICEP";

/** All that parameter files read from the environment, with values that no default has: a name misspelt is seen. */
export const EXAMPLES = {
  ADMINISTRATOR_ADDRESSES: "203.0.113.7,198.51.100.0/24",
  ADMINISTRATOR_ID: "44444444-4444-4444-4444-444444444442",
  ADMINISTRATOR_KIND: "Group",
  ALERT_EMAIL: "voice@contoso.com",
  AZURE_ENV_NAME: "example",
  AZURE_PRINCIPAL_ID: "44444444-4444-4444-4444-444444444443",
  AZURE_PRINCIPAL_TYPE: "ServicePrincipal",
  BOT_APP_ID: "11111111-1111-1111-1111-111111111111",
  BOT_TENANT_ID: "22222222-2222-2222-2222-222222222222",
  BUDGET_START: "2026-01-01",
  FALLBACK_TARGET: "phone:+14255550100",
} as const;

/** What a run of the compiler left. */
export interface CompilerRun {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The compiler's path: `$BICEP`, else what install-bicep.ts installed, else `bicep` on the PATH, else the Azure CLI's own.
 * The machines of GitHub have one of another version on the PATH.
 *
 * @param installedTo where install-bicep.ts restores packages to
 * @throws Error when `$BICEP` leads nowhere
 */
export function findCompiler(environment: NodeJS.ProcessEnv, installedTo = INSTALLED): string | undefined {
  const { BICEP, PATH = "", AZURE_CONFIG_DIR = join(homedir(), ".azure") } = environment;
  if (BICEP) {
    if (!existsSync(BICEP)) throw new Error(`BICEP is "${BICEP}", where no file is`);
    return BICEP;
  }
  const file = process.platform === "win32" ? "bicep.exe" : "bicep";
  const installed = join(installedTo, "azure.bicep.commandline.linux-x64", BICEP_VERSION, "tools");
  const folders = [installed, ...PATH.split(delimiter), join(AZURE_CONFIG_DIR, "bin")];
  return folders.map((folder) => join(folder, file)).find((path) => existsSync(path));
}

/** Why infra checks do not run where there is no compiler, and how to get one. */
export function withoutCompiler(environment: NodeJS.ProcessEnv): { readonly failure: boolean; readonly says: string } {
  const failure = Boolean(environment.CI);
  const what = failure ? "the infra checks need the Bicep compiler" : "the infra checks are skipped";
  return { failure, says: `${what}: there is none on this machine; ${HOW_TO_GET_IT}` };
}

/**
 * Whether the compiler is the one that wrote the snapshots.
 *
 * @param printed what it prints for `--version`
 * @returns undefined where it is
 */
export function otherVersion(
  printed: string,
  environment: NodeJS.ProcessEnv,
): { readonly failure: boolean; readonly says: string } | undefined {
  if (printed.includes(` ${BICEP_VERSION} `)) return undefined;
  return { failure: Boolean(environment.CI), says: `the snapshots are ${BICEP_VERSION}'s; ${HOW_TO_GET_IT}` };
}

/** Runs the compiler in a folder; what parameter files read from the environment is the same on every machine. */
export function runCompiler(compiler: string, args: readonly string[], cwd = ROOT): CompilerRun {
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
