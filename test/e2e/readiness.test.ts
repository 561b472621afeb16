import { expect, it } from "vitest";
import { FUNCTION_KEY, useStack } from "../support/stack.ts";

const stack = useStack();

async function ready(): Promise<{ status: number; answer: unknown }> {
  const response = await fetch(`${stack().host.url}/api/health/ready?code=${FUNCTION_KEY}`);
  return { status: response.status, answer: await response.json() };
}

it("tells whether each part would do, to whom has the key, and what is down", async () => {
  expect((await fetch(`${stack().host.url}/api/health/ready`)).status).toBe(401);

  await stack().post({ value: [] });
  const good = { tables: "ok", keys: "ok", token: "ok" };
  await expect
    .poll(ready)
    .toEqual({ status: 200, answer: { ready: true, parts: good, rowsAgeSeconds: expect.any(Number) } });

  await stack().azurite.stop();
  expect(await ready()).toMatchObject({
    status: 503,
    answer: { ready: false, parts: { ...good, tables: "tables-unavailable" } },
  });
});
