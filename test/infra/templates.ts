import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { type CompilerRun, findCompiler, INFRA, runCompiler, withoutCompiler } from "../../infra/bicep.ts";

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
  compiled ??= runCompiler(compiler, ["build", "main.bicep", "--stdout"]);
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

const predicted = z.object({
  id: z.string(),
  type: z.string(),
  name: z.string(),
  tags: z.record(z.string(), z.string()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
});
const snapshot = z.object({
  predictedResources: z.array(predicted),
  outputs: z.record(z.string(), z.unknown()).optional(),
});

export type Predicted = z.infer<typeof predicted>;
export type Snapshot = z.infer<typeof snapshot>;

/** What an environment would deploy, by its snapshot; `npm run check:infra` holds that against the templates. */
export function readSnapshot(environment: string): Snapshot | undefined {
  const file = `${INFRA}${environment}.snapshot.json`;
  return existsSync(file) ? snapshot.parse(JSON.parse(readFileSync(file, "utf8"))) : undefined;
}

/** The resources of one type, such as `Microsoft.Web/sites`. */
export function ofType(found: Snapshot, type: string): Predicted[] {
  return found.predictedResources.filter((each) => each.type === type);
}
