import { TableCallLog } from "../../src/store/call-log.ts";
import { callKey } from "../../src/store/call-rows.ts";
import type { Row } from "../../src/store/cells.ts";
import { readPartition, readRow } from "../../src/store/tables.ts";
import type { TestTables } from "../support/azurite.ts";
import { aDeadline, anEndedCall, anIncomingCall, aReport } from "./calls.ts";

export const DEADLINE_MS = 10_000;
const ALWAYS = new AbortController().signal;

/** A moment of 2026-11-25, by its time in UTC. */
export const at = (time: string) => new Date(`2026-11-25T${time}Z`);

let calls = 0;
/** The id of another call each time. */
export const newId = () => `57dab8b1-894c-409a-b240-${(++calls).toString(16).padStart(12, "0")}`;

/** What instances do to the call log at Azurite. Each time it is another instance, which has never heard of the call. */
export function callLogOf(azurite: () => TestTables) {
  const aLog = (mask = false) => new TableCallLog(azurite().tables.Calls, mask, DEADLINE_MS);

  const claim = async (id: string, receivedAt: Date) => await aLog().claim(anIncomingCall(id), receivedAt, aDeadline());

  return {
    aLog,
    claim,

    claimKind: async (id: string, receivedAt: Date) => (await claim(id, receivedAt)).kind,

    /** Claims a call and writes down what became of it. @returns the record's name */
    async claimAndRecord(id: string, receivedAt: Date, report = aReport()): Promise<string> {
      const claimed = await claim(id, receivedAt);
      if (claimed.kind === "known") throw new Error("the call is known");
      await aLog().record(claimed.record, anIncomingCall(id), receivedAt, report, aDeadline());
      return claimed.record.name;
    },

    async close(
      id: string,
      endedAt: Date,
      record?: string,
      outcome: "answered" | "busy" | "unknown" = "answered",
    ): Promise<void> {
      await aLog().close(anEndedCall(id, { result: { code: 200 } }), outcome, endedAt, record, aDeadline());
    },

    /** The call's row in an hour of 2026-11-25. */
    async rowOf(id: string, hour: string): Promise<Row | undefined> {
      const { partitionKey, rowKey } = callKey(id, `2026-11-25T${hour}`);
      return await readRow(azurite().tables.Calls, partitionKey, rowKey, ALWAYS);
    },

    /** The rows of an hour of 2026-11-25, from its sixteen partitions. */
    async rowsOf(hour: string): Promise<Row[]> {
      const shards = Array.from({ length: 16 }, (_, shard) => `2026-11-25T${hour}-${shard.toString(16)}`);
      const rows = await Promise.all(shards.map((shard) => readPartition(azurite().tables.Calls, shard, ALWAYS)));
      return rows.flat();
    },
  };
}
