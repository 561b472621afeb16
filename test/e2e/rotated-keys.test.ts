import { expect, it } from "vitest";
import { useStack } from "../support/stack.ts";

const stack = useStack();
const NOTHING = { value: [] };

it("verifies tokens of a key that was published after the app had fetched the keys", async () => {
  expect((await stack().post(NOTHING)).status).toBe(202);
  await stack().simulator.rotateKeys();
  expect((await stack().post(NOTHING)).status).toBe(202);
});
