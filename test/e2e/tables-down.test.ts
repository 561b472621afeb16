import { expect, it } from "vitest";
import { ACCOUNT, ALICE, CONTOSO, useStack } from "../support/stack.ts";

const LAST = "3c7b1ef5-8c1a-4b8d-9d3e-6f2b7a9c0d1e";
const stack = useStack({ FALLBACK_TARGET: `user:${LAST}` });

const call = (line: string) => ({
  caller: { user: { id: ALICE, tenantId: CONTOSO } },
  called: { applicationInstance: { id: line, tenantId: CONTOSO } },
});

it("goes on by remembered rows when the tables are gone, and by FALLBACK_TARGET where none are remembered", async () => {
  const RECEPTION = "98da8a1a-1b87-452c-a713-65d3f10b1253";
  const { simulator } = stack();
  const ring = async (line: string, more: object = {}) => {
    const { id } = await simulator.placeCall({ ...call(line), ...more });
    return await simulator.waitFor(id, ({ finished }) => finished, { timeoutMs: 25_000 });
  };
  await stack().addRow("Routes", ACCOUNT, "desk", { targets: `user:${RECEPTION}` });
  await ring(ACCOUNT);
  await stack().azurite.stop();

  const remembered = await ring(ACCOUNT);
  expect(remembered.redirect?.targets).toEqual([{ kind: "user", id: RECEPTION }]);
  expect(stack().logged("rows_stale").length).toBeGreaterThan(0);

  const unknown = await ring(crypto.randomUUID());
  expect(unknown.redirect?.targets).toEqual([{ kind: "user", id: LAST }]);

  const twice = await ring(ACCOUNT, { faults: [{ kind: "duplicate-sequential" }] });
  expect(twice.requests).toHaveLength(1);
  expect(twice.posts.filter(({ state }) => state === "incoming").map(({ status }) => status)).toEqual([202, 202]);
});
