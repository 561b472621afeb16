import { expect, it } from "vitest";
import { FUNCTION_KEY, useStack } from "../support/stack.ts";

const stack = useStack({}, { tableProxy: true, faults: [{ kind: "keys-hang" }] });

/** How long the probe's caller waits. */
const PATIENCE_MS = 2000;

it("answers within two seconds even when everything hangs", async () => {
  stack().tableProxy.setFaults({ faults: [{ kind: "hang" }] });
  const response = await fetch(`${stack().host.url}/api/health/ready?code=${FUNCTION_KEY}`, {
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({ ready: false, parts: { tables: "late", keys: "late", token: "ok" } });
});
