import { describe, expect, it } from "vitest";
import { TableRotation } from "../../src/store/rotation.ts";
import { useAzurite } from "../support/azurite.ts";
import { aDeadline } from "./calls.ts";
import { aTableService, tablesOfNobody } from "./stub-service.ts";

const azurite = useAzurite();

/** Calls that come one after the other to one instance. @returns the turns that it was given */
async function takeTurns(rotation: TableRotation, count: number, rule: string): Promise<number[]> {
  const turns: number[] = [];
  for (let call = 0; call < count; call++) {
    const turn = await rotation.nextTurn("sales", rule, aDeadline());
    if (turn !== undefined) turns.push(turn);
  }
  return turns;
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe("TableRotation.nextTurn", () => {
  it("counts up from 0", async () => {
    const rotation = new TableRotation(azurite().tables.Calls);
    expect(await takeTurns(rotation, 5, "counts")).toEqual([0, 1, 2, 3, 4]);
  });

  it("goes on where another instance, or the one before a restart, left off", async () => {
    const { Calls } = azurite().tables;
    expect(await takeTurns(new TableRotation(Calls), 2, "restart")).toEqual([0, 1]);
    expect(await takeTurns(new TableRotation(Calls), 2, "restart")).toEqual([2, 3]);
  });

  it("gives a turn to both of two calls that are the first of a rule at the same time", async () => {
    const { Calls } = azurite().tables;
    const turns = await Promise.all([1, 2].map(() => new TableRotation(Calls).nextTurn("sales", "first", aDeadline())));
    expect(turns.toSorted()).toEqual([0, 1]);
  });

  it("counts every rule by itself, whatever its name and partition hold", async () => {
    const rotation = new TableRotation(azurite().tables.Calls);
    const turn = (partition: string, rule: string) => rotation.nextTurn(partition, rule, aDeadline());
    expect(await turn("ops/line", "O'Brien #1")).toBe(0);
    expect(await turn("ops", "line O'Brien #1")).toBe(0);
    expect(await turn("ops/line", "O'Brien #1")).toBe(1);
  });

  it("splits 200 calls evenly between two targets, and gives no turn twice, when two instances take turns", async () => {
    const { Calls } = azurite().tables;
    const shares = await Promise.all([1, 2].map(() => takeTurns(new TableRotation(Calls), 100, "split")));
    const turns = shares.flat().toSorted((one, other) => one - other);
    expect(turns).toEqual(upTo(turns.length));
    // Whoever loses eight times in a row rings by chance instead; that stays an exception.
    expect(turns.length).toBeGreaterThanOrEqual(180);
    const toFirst = turns.filter((turn) => turn % 2 === 0).length;
    expect(Math.abs(toFirst - (turns.length - toFirst))).toBeLessThanOrEqual(1);
  });

  it("never throws when many want a turn at once: they get one each, or none", async () => {
    const rotation = new TableRotation(azurite().tables.Calls);
    const turns = await Promise.all(upTo(40).map(() => rotation.nextTurn("sales", "rush", aDeadline())));
    const taken = turns.filter((turn) => turn !== undefined).toSorted((one, other) => one - other);
    expect(taken.length).toBeGreaterThan(0);
    expect(new Set(taken).size).toBe(taken.length);
  });

  it("begins again when somebody typed nonsense into the turn", async () => {
    const { Calls } = azurite().tables;
    await Calls.createEntity({ partitionKey: "rotation-sales", rowKey: "typed", turn: "next" });
    expect(await takeTurns(new TableRotation(Calls), 2, "typed")).toEqual([0, 1]);
  });

  it("gives none when nothing listens", async () => {
    const { Calls } = await tablesOfNobody();
    expect(await new TableRotation(Calls).nextTurn("sales", "dead", aDeadline())).toBeUndefined();
  });

  it("gives none when the table refuses", async () => {
    const { tables } = await aTableService((_request, response) => {
      response.writeHead(403).end();
    });
    expect(await new TableRotation(tables.Calls).nextTurn("sales", "refused", aDeadline())).toBeUndefined();
  });

  it("gives none when the deadline passes while the table hangs", async () => {
    const { tables } = await aTableService(() => {});
    expect(await new TableRotation(tables.Calls).nextTurn("sales", "late", aDeadline(20))).toBeUndefined();
  });
});
