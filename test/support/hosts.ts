import { app, type HttpFunctionOptions } from "@azure/functions";
import { afterEach } from "vitest";
import type { LogLine } from "../../local/functions-host/core-types.ts";
import { type FunctionsHost, type FunctionsHostOptions, startFunctionsHost } from "../../local/functions-host/host.ts";

/** Functions hosts of one test, closed after it, and what they logged. */
export function useHosts() {
  const hosts: FunctionsHost[] = [];
  const lines: LogLine[] = [];
  afterEach(async () => {
    await Promise.all(hosts.splice(0).map((host) => host.close(0)));
    lines.length = 0;
  });
  return {
    lines,
    async hostOf(load: () => unknown, options: Partial<FunctionsHostOptions> = {}): Promise<FunctionsHost> {
      const host = await startFunctionsHost({ port: 0, load, onLog: (line) => lines.push(line), ...options });
      hosts.push(host);
      return host;
    },
  };
}

/** Registers a function that answers with its own name. */
export function anHttp(name: string, options: Partial<HttpFunctionOptions> = {}): void {
  app.http(name, { handler: (_request, context) => ({ body: context.functionName }), ...options });
}
