import { describe, expect, it } from "vitest";
import { findCall, hoursBetween, type LoggedCall, listCalls, readHour } from "../../src/store/call-list.ts";
import { useAzurite } from "../support/azurite.ts";
import { at, callLogOf, newId } from "./call-logs.ts";
import { CALLER } from "./calls.ts";

const azurite = useAzurite();
const { claim, claimAndRecord, close } = callLogOf(azurite);
const signal = new AbortController().signal;
const calls = () => azurite().tables.Calls;
const later = (days: number, time: string) => new Date(at(time).getTime() + days * 86_400_000);

async function listed(from: Date, until: Date): Promise<LoggedCall[]> {
  const found: LoggedCall[] = [];
  for await (const call of listCalls(calls(), from, until, signal)) found.push(call);
  return found;
}

describe("hoursBetween", () => {
  it("gives each hour of a span, and the next one in an hour's last minute, where a late call may stand", () => {
    expect(hoursBetween(at("09:10:00"), at("11:20:00"))).toEqual(["2026-11-25T09", "2026-11-25T10", "2026-11-25T11"]);
    expect(hoursBetween(at("23:30:00"), at("23:59:30"))).toEqual(["2026-11-25T23", "2026-11-26T00"]);
  });
});

describe("listCalls", () => {
  it("lists calls oldest first over many hours, whatever partitions they stand in", async () => {
    const times = ["00:30:00", "00:31:00", "03:00:05", "03:59:59", "04:30:00", "07:00:00"];
    const ids: string[] = [];
    for (const time of times) {
      const id = newId();
      ids.push(id);
      await claimAndRecord(id, later(1, time));
    }
    const found = await listed(later(1, "00:00:00"), later(1, "07:30:00"));
    expect(found.map(({ key }) => key)).toEqual(ids);
    expect(found.map((call) => call.at)).toEqual(times.map((time) => later(1, time)));
  });

  it("leaves out what came before, guards of an hour's first minute, and turns of round-robin", async () => {
    const [early, guarded] = [newId(), newId()];
    await claimAndRecord(early, later(2, "08:59:00"));
    await claimAndRecord(guarded, later(2, "10:00:10"));
    await calls().upsertEntity({ partitionKey: "rotation-default", rowKey: "night", turn: 3 });
    const found = await listed(later(2, "09:00:00"), later(2, "10:30:00"));
    expect(found.map(({ key }) => key)).toEqual([guarded]);
  });

  it("tells of a call what its row holds, and how it ended", async () => {
    const id = newId();
    const name = await claimAndRecord(id, later(3, "09:15:00"));
    await close(id, later(3, "09:20:00"), name, "busy");
    const [call] = await listed(later(3, "09:00:00"), later(3, "09:30:00"));
    expect(call).toMatchObject({ key: id, claimedMs: 14, decidedMs: 17, elapsedMs: 812, at: later(3, "09:15:00") });
    expect(call?.cells).toMatchObject({
      caller: CALLER,
      status: "redirected",
      rule: "default/night",
      outcome: "busy",
      endedAt: later(3, "09:20:00").toISOString(),
    });
  });

  it("lists an end without a beginning at the moment of the end", async () => {
    const id = newId();
    await close(id, later(4, "09:20:00"));
    const [call] = await listed(later(4, "09:00:00"), later(4, "09:30:00"));
    expect(call).toMatchObject({ key: id, at: later(4, "09:20:00"), cells: { status: "unseen" } });
  });

  it("ends its reads when nobody listens any more", async () => {
    await claimAndRecord(newId(), later(5, "09:15:00"));
    await claimAndRecord(newId(), later(5, "12:15:00"));
    for await (const call of listCalls(calls(), later(5, "09:00:00"), later(5, "23:00:00"), signal)) {
      expect(call.at).toEqual(later(5, "09:15:00"));
      break;
    }
  });

  it("says that the tables do not answer, once the listing is ended", async () => {
    const ended = AbortSignal.abort();
    const listing = listCalls(calls(), at("09:00:00"), at("10:00:00"), ended);
    await expect(listing.next()).rejects.toMatchObject({ code: "late" });
  });
});

describe("readHour", () => {
  it("reads only rows that were written since", async () => {
    await claim(newId(), later(6, "09:15:00"));
    const hour = "2026-12-01T09";
    const [stored] = await readHour(calls(), hour, signal);
    expect(stored?.cells.status).toBe("claimed");
    const hourAgo = new Date(Date.now() - 3_600_000);
    const inAnHour = new Date(Date.now() + 3_600_000);
    expect(await readHour(calls(), hour, signal, hourAgo)).toHaveLength(1);
    expect(await readHour(calls(), hour, signal, inAnHour)).toHaveLength(0);
  });
});

describe("findCall", () => {
  it("finds a call by its id in any spelling, days back, with its trace", async () => {
    const id = newId();
    await claimAndRecord(id, later(7, "09:15:00"));
    const typed = id.replaceAll("-", "").toUpperCase();
    const call = await findCall(calls(), typed, later(5, "00:00:00"), later(9, "00:00:00"), signal);
    expect(call).toMatchObject({ key: id, cells: { trace: expect.stringContaining("default/night decides") } });
  });

  it("takes a guard for no call", async () => {
    const id = newId();
    await claimAndRecord(id, later(8, "10:00:10"));
    const until = later(8, "09:30:00");
    expect(await findCall(calls(), id, later(8, "08:00:00"), until, signal)).toBeUndefined();
    expect(await findCall(calls(), id, later(8, "08:00:00"), later(8, "10:30:00"), signal)).toMatchObject({ key: id });
  });
});
