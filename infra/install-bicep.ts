import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BICEP_VERSION, INSTALLED } from "./bicep.ts";

/** The compiler as a NuGet package, and the SHA-256 of its program. */
const PACKAGE = "Azure.Bicep.CommandLine.linux-x64";
const SHA256 = "0ab9de90c2493f206f8281bae74f9ee2d5ed3605548dab1adf41fef185e1f7c5";

/** A project that builds nothing and downloads one package, from the sources that the machine's NuGet is set to. */
const PROJECT = `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net$(BundledNETCoreAppTargetFrameworkVersion)</TargetFramework>
    <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
  </PropertyGroup>
  <ItemGroup>
    <PackageDownload Include="${PACKAGE}" Version="[${BICEP_VERSION}]" />
  </ItemGroup>
</Project>
`;

/**
 * Restores the compiler with the .NET SDK, unless it is there, to where findCompiler looks for it. Linux on x64 only; elsewhere the Azure CLI
 * installs one.
 *
 * @returns the compiler's path
 * @throws Error when the restore fails, or brings another program than the one that is known
 */
export function installBicep(): string {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error(`there is no package for ${process.platform} on ${process.arch} here; use: az bicep install`);
  }
  const folder = join(INSTALLED, PACKAGE.toLowerCase(), BICEP_VERSION);
  const compiler = join(folder, "tools", "bicep");
  if (existsSync(compiler) && sha256Of(compiler) === SHA256) return compiler;
  mkdirSync(INSTALLED, { recursive: true });
  const project = mkdtempSync(join(INSTALLED, "project-"));
  try {
    writeFileSync(join(project, "bicep.csproj"), PROJECT);
    const args = ["restore", "bicep.csproj", "--packages", INSTALLED, "--verbosity", "quiet"];
    const { status, error } = spawnSync("dotnet", args, { cwd: project, stdio: "inherit" });
    if (error) throw new Error(`dotnet did not run: ${error.message}`, { cause: error });
    if (status !== 0) throw new Error(`dotnet restore failed with ${status}`);
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
  const found = sha256Of(compiler);
  if (found !== SHA256) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`${PACKAGE} ${BICEP_VERSION} is not the program that is known: its SHA-256 is ${found}`);
  }
  chmodSync(compiler, 0o755);
  return compiler;
}

function sha256Of(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

if (import.meta.main) process.stdout.write(`${installBicep()}\n`);
