import { describe, expect, it } from "vitest";
import { type Following, followCalls } from "../../src/cli/calls/calls-follow.ts";
import { Fault, type FaultCode } from "../../src/errors.ts";
import type { LoggedCall } from "../../src/store/call-list.ts";

const call = (key: string): LoggedCall => ({ key, at: new Date(0), cells: {} });
const fault = (code: FaultCode) => new Fault(code, "table Calls answered 503");

/** Follows until every look has been taken. */
async function follow(looks: readonly (readonly LoggedCall[] | Error)[], more: Partial<Following> = {}) {
  const [left, found, told]: [(readonly LoggedCall[] | Error)[], string[], string[]] = [[...looks], [], []];
  const calls = followCalls({
    pause: async () => {
      if (left.length === 0) throw new Error("looked often enough");
    },
    poll: async () => {
      const look = left.shift() ?? [];
      if (look instanceof Error) throw look;
      return look;
    },
    tell: (says) => told.push(says),
    interrupted: new AbortController().signal,
    ...more,
  });
  let end: unknown;
  try {
    for await (const { key } of calls) found.push(key);
  } catch (error) {
    end = error;
  }
  return { found, told, end };
}

describe("followCalls", () => {
  it("waits while the tables do not answer, says so once, and goes on", async () => {
    const looks = [[call("a")], fault("tables-unavailable"), fault("late"), [call("b"), call("c")], []];
    const { found, told } = await follow(looks);
    expect(found).toEqual(["a", "b", "c"]);
    expect(told).toEqual(["table Calls answered 503. Waiting until it answers again.", "The table answers again."]);
  });

  it("tells the next outage as well", async () => {
    const { told } = await follow([fault("late"), [], fault("late"), []]);
    expect(told).toHaveLength(4);
  });

  it("ends when the tables refuse, and when it is interrupted", async () => {
    const refused = fault("tables-refused");
    expect(await follow([refused, [call("a")]])).toEqual({ found: [], told: [], end: refused });
    const late = fault("late");
    expect(await follow([late, [call("a")]], { interrupted: AbortSignal.abort() })).toMatchObject({
      told: [],
      end: late,
    });
  });
});
