import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import type { GraphOutcome } from "../../src/ports.ts";
import { deliver, deliveryPorts } from "../support/deliveries.ts";
import { DESK, MemoryCallLog, SteadyGraph, TABLES_DOWN } from "../support/ports.ts";
import { someBody } from "./bodies.ts";
import { announce, fuzzing, MOST_MS, PROPERTY_MS } from "./cases.ts";

const outcome: fc.Arbitrary<GraphOutcome> = fc.record({
  kind: fc.constantFrom("accepted", "refused", "gone", "unreachable"),
  answer: fc.constant({ tries: 1 }),
});

/** Graph that answers by a list, begun again at its end. */
class FickleGraph extends SteadyGraph {
  /** Ids of the calls of which it took a redirect. */
  readonly taken: string[] = [];
  readonly #outcomes: readonly GraphOutcome[];
  #asked = 0;

  constructor(outcomes: readonly GraphOutcome[]) {
    super();
    this.#outcomes = outcomes;
  }

  override async redirect({ callId }: { readonly callId: string }) {
    const next = this.#outcomes[this.#asked++ % this.#outcomes.length] ?? this.outcome;
    if (next.kind === "accepted") this.taken.push(callId.toLowerCase());
    return next;
  }
}

/** A call log that is down every so often. */
class FickleCallLog extends MemoryCallLog {
  readonly #isDown: readonly boolean[];
  #asked = 0;

  constructor(isDown: readonly boolean[]) {
    super();
    this.#isDown = isDown;
  }

  override async claim(...given: Parameters<MemoryCallLog["claim"]>) {
    this.#mayFail();
    return await super.claim(...given);
  }

  override async record(...given: Parameters<MemoryCallLog["record"]>) {
    this.#mayFail();
    await super.record(...given);
  }

  #mayFail(): void {
    if (this.#isDown[this.#asked++ % this.#isDown.length]) throw TABLES_DOWN;
  }
}

beforeAll(() => announce("faltering"));

it("redirects no call twice, whatever Graph and the tables do and however often it is posted", {
  timeout: PROPERTY_MS,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      someBody,
      fc.array(outcome, { minLength: 1, maxLength: 8 }),
      fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }),
      fc.nat({ max: 3 }),
      async (bytes, outcomes, isDown, repeats) => {
        const callControl = new FickleGraph(outcomes);
        const given = deliveryPorts({ callControl, callLog: new FickleCallLog(isDown) });
        const post = () => deliver(bytes, given, { fallbackTargets: [{ ...DESK, id: "fallback" }] });
        const answers = await Promise.all([post(), post()]);
        for (let turn = 0; turn < repeats; turn++) answers.push(await post());
        for (const { status } of answers) expect([202, 204, 400, 403, 413, 503]).toContain(status);
        expect(new Set(callControl.taken).size).toBe(callControl.taken.length);
      },
    ),
    { ...fuzzing(0.15), timeout: MOST_MS },
  );
});
