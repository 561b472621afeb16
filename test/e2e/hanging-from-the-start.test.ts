import { expect, it } from "vitest";
import { ring } from "../support/ringing.ts";
import { useStack } from "../support/stack.ts";

const LAST = "3c7b1ef5-8c1a-4b8d-9d3e-6f2b7a9c0d1e";
const DEADLINE_SECONDS = 2;

const stack = useStack(
  { FALLBACK_TARGET: `user:${LAST}`, DEADLINE_SECONDS: String(DEADLINE_SECONDS) },
  { tableProxy: true, answerWithinMs: (DEADLINE_SECONDS + 1) * 1000 },
);

it("rings FALLBACK_TARGET when all tables hang before the first call of the process", async () => {
  stack().tableProxy.setFaults({ faults: [{ kind: "hang" }] });
  expect(await ring(stack(), crypto.randomUUID())).toMatchObject({ status: 202, rang: LAST, taken: 1 });
});
