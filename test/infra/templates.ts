import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import {
  type CompilerRun,
  findCompiler,
  PARAMETER_FILES,
  ROOT,
  runCompiler,
  withoutCompiler,
} from "../../infra/bicep.ts";

/** A resource as a template declares it, its values still expressions in square brackets. */
export interface Declared {
  readonly type: string;
  readonly scope?: string | undefined;
  readonly properties: Readonly<Record<string, unknown>>;
}

const compiler = findCompiler(process.env);

/** Why tests that compile are skipped; undefined where they run, as in CI, where a missing compiler is a failure. */
export const SKIPPED =
  compiler === undefined && !withoutCompiler(process.env).failure ? withoutCompiler(process.env).says : undefined;

const resource = z.object({
  type: z.string(),
  scope: z.string().optional(),
  existing: z.boolean().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
});
const template = z.object({
  resources: z.union([z.record(z.string(), resource), z.array(resource)]).transform((found) => Object.values(found)),
});

let compiled: CompilerRun | undefined;

/** The compiled main.bicep with its modules in it, as text; compiled once a test file. */
export function compile(): string {
  if (compiler === undefined) throw new Error(withoutCompiler(process.env).says);
  compiled ??= runCompiler(compiler, ["build", "infra/main.bicep", "--stdout"]);
  if (!compiled.ok) throw new Error(compiled.stderr);
  return compiled.stdout;
}

/** All resources that a template and its modules declare; modules themselves and what exists before are left out. */
export function declaredIn(json: unknown): Declared[] {
  return template.parse(json).resources.flatMap(({ type, scope, existing, properties = {} }) => {
    if (existing) return [];
    return type === "Microsoft.Resources/deployments" ? declaredIn(properties.template) : [{ type, scope, properties }];
  });
}

const nested = z.object({
  outputs: z.record(z.string(), z.object({ value: z.unknown() })).default({}),
  resources: z.record(z.string(), resource),
});

/** The outputs of a template and of its modules, their values still expressions. */
export function outputsIn(json: unknown): { readonly name: string; readonly value: string }[] {
  const { outputs, resources } = nested.parse(json);
  const own = Object.entries(outputs).map(([name, { value }]) => ({ name, value: String(value) }));
  const modules = Object.values(resources).filter(({ type }) => type === "Microsoft.Resources/deployments");
  return [...own, ...modules.flatMap(({ properties }) => outputsIn(properties?.template))];
}

const predicted = z.object({
  id: z.string(),
  type: z.string(),
  name: z.string(),
  apiVersion: z.string(),
  identity: z.unknown().optional(),
  sku: z.unknown().optional(),
  tags: z.record(z.string(), z.string()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
});
const snapshot = z.object({
  predictedResources: z.array(predicted),
  outputs: z.record(z.string(), z.unknown()).optional(),
});

export type Predicted = z.infer<typeof predicted>;
export type Snapshot = z.infer<typeof snapshot>;

/** What a parameter file would deploy, by its snapshot; `npm run check:infra` holds that against the templates. */
export function readSnapshot(name: string): Snapshot {
  const file = `${ROOT}${PARAMETER_FILES.get(name)}.snapshot.json`;
  if (!existsSync(file)) throw new Error(`${name} has no snapshot: npm run check:infra -- --update`);
  return snapshot.parse(JSON.parse(readFileSync(file, "utf8")));
}

/** Every parameter file by name, with what it would deploy. */
export const SNAPSHOTS = [...PARAMETER_FILES.keys()].map((name): [string, Snapshot] => [name, readSnapshot(name)]);

/** The resources of one type, such as `Microsoft.Web/sites`. */
export function ofType(found: Snapshot, type: string): Predicted[] {
  return found.predictedResources.filter((each) => each.type === type);
}

/** The one resource of a type. */
export function theOne(found: Snapshot, type: string): Predicted {
  const [one, ...more] = ofType(found, type);
  if (one === undefined || more.length > 0) throw new Error(`there is not one ${type}, but ${more.length}`);
  return one;
}

/** The storage account of the tables, or the host's. */
export function accountOf(found: Snapshot, whose: "tables" | "host"): Predicted {
  const kind = whose === "tables" ? "tableServices" : "blobServices";
  const [service] = ofType(found, `Microsoft.Storage/storageAccounts/${kind}`);
  const account = ofType(found, "Microsoft.Storage/storageAccounts").find(({ id }) => service?.id.startsWith(`${id}/`));
  if (account === undefined) throw new Error(`there is no account of the ${whose}`);
  return account;
}

/** The expression for a property that Azure tells of a resource once it is there, without its square brackets. */
export function toldOf({ id, apiVersion }: Predicted, property: string): string {
  return `reference('${id}', '${apiVersion}').${property}`;
}

const siteProperties = z.object({
  siteConfig: z.object({ appSettings: z.array(z.object({ name: z.string(), value: z.string() })) }),
});

/** The settings of the app. */
export function settingsOf(found: Snapshot): ReadonlyMap<string, string> {
  const { siteConfig } = siteProperties.parse(theOne(found, "Microsoft.Web/sites").properties);
  return new Map(siteConfig.appSettings.map(({ name, value }) => [name, value]));
}

const printedParameters = z.object({ parametersJson: z.string() });
const parameters = z.object({ parameters: z.record(z.string(), z.object({ value: z.unknown() })) });

/** What a parameter file says, as the compiler reads it; what it leaves to main.bicep's defaults is absent. */
export function parametersOf(name: string): Readonly<Record<string, unknown>> {
  if (compiler === undefined) throw new Error(withoutCompiler(process.env).says);
  const run = runCompiler(compiler, ["build-params", `${PARAMETER_FILES.get(name)}.bicepparam`, "--stdout"]);
  if (!run.ok) throw new Error(run.stderr);
  const { parametersJson } = printedParameters.parse(JSON.parse(run.stdout));
  const given = Object.entries(parameters.parse(JSON.parse(parametersJson)).parameters);
  return Object.fromEntries(given.map(([parameter, { value }]) => [parameter, value]));
}
