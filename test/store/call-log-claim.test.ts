import { describe, expect, it } from "vitest";
import { TableCallLog } from "../../src/store/call-log.ts";
import { GUARD } from "../../src/store/call-rows.ts";
import { useAzurite } from "../support/azurite.ts";
import { at, callLogOf, DEADLINE_MS, newId } from "./call-logs.ts";
import { aDeadline, anIncomingCall, aReport } from "./calls.ts";
import { aTableService, aWayTo, tablesOfNobody } from "./stub-service.ts";

const azurite = useAzurite();
const { aLog, claim, claimKind, claimAndRecord, close, rowOf } = callLogOf(azurite);
const FAILED = aReport({ result: { kind: "failed", reason: "Graph did not answer" } });

describe("TableCallLog.claim", () => {
  it("takes a call once, one after the other", async () => {
    const id = newId();
    expect(await claim(id, at("15:10:00"))).toEqual({
      kind: "claimed",
      record: { name: "2026112515", isClaimed: true },
    });
    expect(await claimKind(id, at("15:10:02"))).toBe("known");
  });

  it("takes a call once when twenty deliveries come at the same time", async () => {
    const id = newId();
    const kinds = await Promise.all(Array.from({ length: 20 }, () => claimKind(id, at("15:10:00"))));
    expect(kinds.filter((kind) => kind === "claimed")).toHaveLength(1);
  });

  it.each([
    ["upper case", (id: string) => id.toUpperCase()],
    ["no dashes", (id: string) => id.replaceAll("-", "")],
  ])("knows a call whose id comes in %s", async (_, respell) => {
    const id = newId();
    expect(await claimKind(id, at("15:10:00"))).toBe("claimed");
    expect(await claimKind(respell(id), at("15:10:01"))).toBe("known");
  });

  it("takes two calls of one chain for two", async () => {
    const [one, other] = [newId(), newId()];
    const chained = (id: string) => ({ ...anIncomingCall(id), callChainId: "chain-1" });
    const kinds = await Promise.all([one, other].map((id) => aLog().claim(chained(id), at("15:10:00"), aDeadline())));
    expect(kinds.map(({ kind }) => kind)).toEqual(["claimed", "claimed"]);
  });

  it.each([
    ["14:59:59.900", "15:00:00.100"],
    ["15:00:00.100", "14:59:59.900"],
    ["14:59:40.000", "15:00:10.000"],
    ["15:00:10.000", "14:59:40.000"],
    ["15:00:00.000", "15:00:00.000"],
    ["15:00:10.000", "15:00:40.000"],
  ])("takes a call once that was handled at %s and comes again at %s", async (first, second) => {
    const id = newId();
    await claimAndRecord(id, at(first));
    expect(await claimKind(id, at(second))).toBe("known");
  });

  it("takes a call once when deliveries from both sides of the hour come at the same time", async () => {
    for (let round = 0; round < 10; round++) {
      const id = newId();
      const moments = ["14:59:59.900", "15:00:00.100", "14:59:59.950", "15:00:00.050"].map(at);
      const kinds = await Promise.all(moments.map((moment) => claimKind(id, moment)));
      expect(kinds.filter((kind) => kind === "claimed")).toHaveLength(1);
    }
  });

  it("gives the name of the row where the call is recorded, also across the hour", async () => {
    const id = newId();
    const name = await claimAndRecord(id, at("15:00:10"));
    await close(id, at("15:00:20"), name);
    expect(await rowOf(id, name.slice(-2))).toMatchObject({ status: "redirected", outcome: "answered" });
  });

  it.each([
    ["within the hour", "15:10:00", "15:10:02"],
    ["in the first minute of the hour", "15:00:05", "15:00:08"],
    ["across the hour", "14:59:58", "15:00:02"],
  ])("takes a call again that failed, %s", async (_, first, second) => {
    const id = newId();
    await claimAndRecord(id, at(first), FAILED);
    expect(await claimKind(id, at(second))).toBe("claimed");
    expect(await claimKind(id, at(second))).toBe("known");
  });

  it.each([
    ["within the hour", "15:10:00", "15:10:09", "15:10:11"],
    ["in the first minute of the hour", "15:00:01", "15:00:10", "15:00:12"],
    ["across the hour", "14:59:55", "15:00:04", "15:00:06"],
  ])(
    "leaves a call alone that is in progress, and takes it when its deadline is past, %s",
    async (_, first, during, after) => {
      const id = newId();
      expect(await claimKind(id, at(first))).toBe("claimed");
      expect(await claimKind(id, at(during))).toBe("known");
      expect(await claimKind(id, at(after))).toBe("claimed");
    },
  );

  it.each<[string, (id: string, receivedAt: Date) => Promise<unknown>]>([
    ["was never finished", claim],
    ["failed", (id, receivedAt) => claimAndRecord(id, receivedAt, FAILED)],
  ])("leaves a call alone that %s but has ended since", async (_, handle) => {
    const id = newId();
    await handle(id, at("15:10:00"));
    await close(id, at("15:10:09"), "2026112515");
    expect(await claimKind(id, at("15:10:11"))).toBe("known");
  });

  it("records a call where it was claimed, also by an instance whose clock is still in the hour before", async () => {
    const id = newId();
    await claimAndRecord(id, at("15:00:00.100"), FAILED);
    expect(await claimAndRecord(id, at("14:59:59.900"))).toBe("2026112515");
    expect(await rowOf(id, "15")).toMatchObject({ status: "redirected", receivedAt: at("14:59:59.900") });
    expect((await rowOf(id, "14"))?.status).toBe(GUARD);
  });

  it("gives a failed call to one of ten who want it again", async () => {
    const id = newId();
    await claimAndRecord(id, at("15:10:00"), FAILED);
    const kinds = await Promise.all(Array.from({ length: 10 }, () => claimKind(id, at("15:10:02"))));
    expect(kinds.filter((kind) => kind === "claimed")).toHaveLength(1);
  });

  it("says of a call that was recorded without a claim that it is known", async () => {
    const id = newId();
    const log = aLog();
    await log.record(log.unclaimed(at("15:10:00")), anIncomingCall(id), at("15:10:00"), aReport(), aDeadline());
    expect(await claimKind(id, at("15:10:02"))).toBe("known");
  });

  it("meets its own insert, whose answer was lost, and takes it for its own", async () => {
    const id = newId();
    const { tables, loseAnswer } = await aWayTo(azurite().azurite);
    const log = new TableCallLog(tables.Calls, false, DEADLINE_MS);
    loseAnswer();
    expect(await log.claim(anIncomingCall(id), at("15:10:00"), aDeadline())).toMatchObject({ kind: "claimed" });
    expect(await claimKind(id, at("15:10:01"))).toBe("known");
  });

  it("throws a Fault when the table does not answer", async () => {
    const { Calls } = await tablesOfNobody();
    const claiming = new TableCallLog(Calls, false, DEADLINE_MS).claim(
      anIncomingCall(newId()),
      at("15:10:00"),
      aDeadline(),
    );
    await expect(claiming).rejects.toMatchObject({ name: "Fault", code: "tables-unavailable" });
  });

  it.each([
    [503, 2],
    [403, 1],
  ])("asks a table that answers %d %d times in all", async (status, times) => {
    const service = await aTableService((_request, response) => {
      response.writeHead(status).end();
    });
    const log = new TableCallLog(service.tables.Calls, false, DEADLINE_MS);
    await expect(log.claim(anIncomingCall(newId()), at("15:10:00"), aDeadline())).rejects.toMatchObject({
      name: "Fault",
    });
    expect(service.requests()).toBe(times);
  });

  it("throws a Fault when the deadline passes while the table hangs", async () => {
    const { tables } = await aTableService(() => {});
    const log = new TableCallLog(tables.Calls, false, DEADLINE_MS);
    await expect(log.claim(anIncomingCall(newId()), at("15:10:00"), aDeadline(30))).rejects.toMatchObject({
      name: "Fault",
      code: "late",
    });
  });
});
