import type { RegisteredFunction } from "./core-types.ts";
import type { FunctionsApp } from "./functions-app.ts";
import { triggerOf } from "./invoke.ts";
import { byPrecedence, parseTemplate, type Route } from "./routes.ts";

export type AuthLevel = "anonymous" | "function" | "admin";

/** A function as the host lists it. */
export type FunctionSummary =
  | {
      readonly kind: "http";
      readonly name: string;
      /** In capitals; empty means every method. */
      readonly methods: readonly string[];
      /** With the prefix, for instance `/api/calls/{record?}`. */
      readonly route: string;
      readonly authLevel: AuthLevel;
    }
  | { readonly kind: "timer"; readonly name: string; readonly schedule: string }
  | { readonly kind: "other"; readonly name: string; readonly type: string };

/** An app's functions, by what starts them. */
export interface FunctionTable {
  readonly summaries: readonly FunctionSummary[];
  /** In the order in which a request tries them. */
  readonly routes: readonly Route[];
  readonly http: ReadonlyMap<string, { readonly target: RegisteredFunction; readonly authLevel: AuthLevel }>;
  readonly timers: ReadonlyMap<string, RegisteredFunction>;
}

/**
 * Sorts what an app registered.
 *
 * @throws for a function name, a route or an authLevel that the real host refuses too
 */
export function createFunctionTable(app: FunctionsApp, routePrefix: string): FunctionTable {
  const summaries: FunctionSummary[] = [];
  const routes: Route[] = [];
  const http: Map<string, { target: RegisteredFunction; authLevel: AuthLevel }> = new Map();
  const timers = new Map<string, RegisteredFunction>();
  for (const target of app.functions.values()) {
    const summary = summarise(target, routePrefix);
    summaries.push(summary);
    if (summary.kind === "http") {
      const methods = summary.methods.length > 0 ? summary.methods : undefined;
      routes.push({ functionName: summary.name, methods, segments: parseTemplate(summary.route.slice(1)) });
      http.set(summary.name, { target, authLevel: summary.authLevel });
    } else if (summary.kind === "timer") {
      timers.set(summary.name, target);
    }
  }
  return { summaries, routes: byPrecedence(routes), http, timers };
}

function summarise(target: RegisteredFunction, routePrefix: string): FunctionSummary {
  const { name } = target.metadata;
  if (!/^[A-Za-z][\w-]{0,127}$/.test(name)) throw new Error(`"${name}" is not a valid function name.`);
  const trigger = triggerOf(target);
  switch (trigger.type.toLowerCase()) {
    case "httptrigger": {
      const template = typeof trigger.route === "string" && trigger.route !== "" ? trigger.route : name;
      parseTemplate(template);
      const prefix = routePrefix.replace(/^\/+|\/+$/g, "");
      const methods = Array.isArray(trigger.methods)
        ? trigger.methods.map((method) => String(method).toUpperCase())
        : [];
      const route = prefix === "" ? `/${template}` : `/${prefix}/${template}`;
      return { kind: "http", name, methods, route, authLevel: readAuthLevel(name, trigger.authLevel) };
    }
    case "timertrigger":
      return { kind: "timer", name, schedule: String(trigger.schedule ?? "") };
    default:
      return { kind: "other", name, type: trigger.type };
  }
}

function readAuthLevel(name: string, value: unknown): AuthLevel {
  const level = String(value ?? "function").toLowerCase();
  if (level === "anonymous" || level === "function" || level === "admin") return level;
  throw new Error(`The authLevel of the function "${name}" is "${level}"; use anonymous, function or admin.`);
}
