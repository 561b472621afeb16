import { describe, expect, it } from "vitest";
import { TableCallLog } from "../../src/store/call-log.ts";
import { GUARD } from "../../src/store/call-rows.ts";
import { useAzurite } from "../support/azurite.ts";
import { IDS } from "../support/rows.ts";
import { at, callLogOf, DEADLINE_MS, newId } from "./call-logs.ts";
import { aDeadline, anEndedCall, anIncomingCall, aReport, CALLER } from "./calls.ts";
import { tablesOfNobody } from "./stub-service.ts";

const { aLog, claim, claimKind, claimAndRecord, close, rowOf, rowsOf } = callLogOf(useAzurite());

describe("TableCallLog.record", () => {
  it("adds what became of the call to what its claim holds", async () => {
    const id = newId();
    await claimAndRecord(id, at("15:10:00"));
    expect(await rowOf(id, "15")).toMatchObject({
      callId: id,
      receivedAt: at("15:10:00"),
      line: IDS.line,
      caller: CALLER,
      status: "redirected",
      rule: "default/night",
      targets: `user:${IDS.adele}`,
    });
  });

  it("keeps an end that came while the call was being handled", async () => {
    const id = newId();
    const claimed = await claim(id, at("15:10:00"));
    await close(id, at("15:10:01"), "2026112515", "busy");
    await aLog().record(
      claimed.kind === "claimed" ? claimed.record : { name: "", isClaimed: false },
      anIncomingCall(id),
      at("15:10:00"),
      aReport(),
      aDeadline(),
    );
    expect(await rowOf(id, "15")).toMatchObject({ status: "redirected", outcome: "busy", endedAt: at("15:10:01") });
  });

  it("keeps a redirect when another delivery finds the call gone, as Graph says of one that was taken", async () => {
    const id = newId();
    await claimAndRecord(id, at("15:10:00"));
    const log = aLog();
    const gone = aReport({ result: { kind: "gone", answer: { status: 404, code: "8522", tries: 1 } } });
    await log.record(log.unclaimed(at("15:10:02")), anIncomingCall(id), at("15:10:02"), gone, aDeadline());
    const row = await rowOf(id, "15");
    expect(row).toMatchObject({ status: "redirected", targets: `user:${IDS.adele}` });
    expect(row?.outcome).toBeUndefined();
  });

  it("leaves nothing of a failure on the row of the delivery that cures it", async () => {
    const id = newId();
    await claimAndRecord(id, at("15:10:00"), aReport({ result: { kind: "failed", reason: "Graph answered 503" } }));
    expect(await rowOf(id, "15")).toMatchObject({ status: "failed", failure: "Graph answered 503" });
    await claimAndRecord(id, at("15:10:02"));
    const row = await rowOf(id, "15");
    expect(row).toMatchObject({ status: "redirected" });
    expect(row?.failure).toBeUndefined();
  });

  it("learns who had called whom from a beginning that its end had overtaken", async () => {
    const id = newId();
    await close(id, at("15:10:01"));
    expect(await claimKind(id, at("15:10:02"))).toBe("known");
    expect(await rowOf(id, "15")).toMatchObject({
      status: "unseen",
      line: IDS.line,
      caller: CALLER,
      outcome: "answered",
    });
  });

  it("masks numbers when the setting asks for it", async () => {
    const id = newId();
    const log = aLog(true);
    await log.record(log.unclaimed(at("15:10:00")), anIncomingCall(id), at("15:10:00"), aReport(), aDeadline());
    expect((await rowOf(id, "15"))?.caller).toBe("+*******0142");
  });

  it("writes a row for a trace that no cell could hold", async () => {
    const id = newId();
    const report = aReport();
    const steps = Array.from({ length: 3000 }, (_, index) => ({
      partition: "default",
      rule: `Zürich 📞 ${index}`,
      why: { kind: "disabled" } as const,
    }));
    await claimAndRecord(id, at("15:10:00"), {
      ...report,
      decision: { ...report.decision, trace: { ...report.decision.trace, steps } },
    });
    expect((await rowOf(id, "15"))?.trace).toMatch(/^default\/Zürich 📞 0 does not apply/);
  });
});

describe("TableCallLog.close", () => {
  it("closes the row that the record names, also hours later", async () => {
    const id = newId();
    const name = await claimAndRecord(id, at("15:10:00"));
    await close(id, at("19:20:00"), name);
    expect(await rowOf(id, "15")).toMatchObject({
      status: "redirected",
      rule: "default/night",
      endedAt: at("19:20:00"),
      outcome: "answered",
      resultCode: 200,
    });
    expect(await rowOf(id, "19")).toBeUndefined();
  });

  it.each([
    ["this hour's", "15:10:00", "15:40:00"],
    ["the last hour's", "14:10:00", "15:09:00"],
    ["this hour's, of a call of its first minute", "15:00:10", "15:40:00"],
    ["the last hour's, of a call of its first minute", "14:00:10", "15:40:00"],
  ])("finds %s row without a name", async (_, receivedAt, endedAt) => {
    const id = newId();
    const name = await claimAndRecord(id, at(receivedAt));
    await close(id, at(endedAt));
    expect(await rowOf(id, name.slice(-2))).toMatchObject({ status: "redirected", endedAt: at(endedAt) });
  });

  it.each([
    ["without a name", "15:10:00", "15:10:01", undefined],
    ["with one", "15:10:00", "15:10:01", "2026112515"],
    ["across the hour", "14:59:59.900", "15:00:00.100", undefined],
    ["in the first minute of the hour", "15:00:05", "15:00:06", undefined],
  ])("keeps a beginning from ringing that comes after the end, %s", async (_, endedAt, receivedAt, name) => {
    const id = newId();
    await close(id, at(endedAt), name, "busy");
    expect(await claimKind(id, at(receivedAt))).toBe("known");
  });

  it("closes the call's own row when the record that is named is not its", async () => {
    const id = newId();
    await claimAndRecord(id, at("15:10:00"));
    await close(id, at("15:10:05"), "2020010100");
    await close(id, at("15:10:05"), "9999999999");
    expect(await rowOf(id, "15")).toMatchObject({ status: "redirected", outcome: "answered" });
  });

  it("takes the end in another spelling of the call's id", async () => {
    const id = newId();
    await claimAndRecord(id, at("15:10:00"));
    await close(id.replaceAll("-", "").toUpperCase(), at("15:12:00"));
    expect(await rowOf(id, "15")).toMatchObject({ status: "redirected", outcome: "answered" });
  });

  it("is harmless when told the same twice", async () => {
    const id = newId();
    const name = await claimAndRecord(id, at("15:10:00"));
    await close(id, at("15:12:00"), name);
    const once = await rowOf(id, "15");
    await close(id, at("15:12:00"), name);
    const written = { timestamp: expect.anything(), etag: expect.anything() };
    expect(await rowOf(id, "15")).toEqual({ ...once, ...written });
  });

  it("keeps how the call ended when a second notification does not say", async () => {
    const id = newId();
    const name = await claimAndRecord(id, at("15:10:00"));
    await close(id, at("15:12:00"), name, "answered");
    await close(id, at("15:12:01"), name, "unknown");
    expect(await rowOf(id, "15")).toMatchObject({ outcome: "answered", endedAt: at("15:12:00") });
  });

  it("learns how the call ended when the first notification did not say", async () => {
    const id = newId();
    const name = await claimAndRecord(id, at("15:10:00"));
    await close(id, at("15:12:00"), name, "unknown");
    await close(id, at("15:12:01"), name, "busy");
    expect((await rowOf(id, "15"))?.outcome).toBe("busy");
  });

  it("throws a Fault when the table does not answer", async () => {
    const { Calls } = await tablesOfNobody();
    const log = new TableCallLog(Calls, false, DEADLINE_MS);
    const closing = log.close(anEndedCall(newId()), "unknown", at("15:10:00"), undefined, aDeadline());
    await expect(closing).rejects.toMatchObject({ name: "Fault", code: "tables-unavailable" });
  });
});

describe("the Calls table", () => {
  it("lists an hour by sixteen partitions", async () => {
    const ids = Array.from({ length: 40 }, newId);
    await Promise.all(ids.map((id) => claimAndRecord(id, at("20:30:00"))));
    expect((await rowsOf("20")).map(({ callId }) => callId).toSorted()).toEqual(ids.toSorted());
  });

  it("lists a call of an hour's first minute in that hour, and a mere guard in the hour before", async () => {
    const id = newId();
    await claimAndRecord(id, at("22:00:05"));
    expect(await rowsOf("22")).toMatchObject([{ callId: id, status: "redirected" }]);
    expect(await rowsOf("21")).toMatchObject([{ status: GUARD }]);
  });
});
