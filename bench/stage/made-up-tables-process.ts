import { createServer, type ServerResponse } from "node:http";
import { listen } from "../../local/listen.ts";
import { LINE_RULE, LISTS_A_CALLER, LISTS_RULE, lineNumberOf } from "./made-up-rows.ts";

/*
 * A table service whose rows are made up as they are asked for, and that keeps none of what is written: Azurite looks
 * through a whole table for a partition, which among 100,000 rows takes longer than the call.
 *
 *   node made-up-tables-process.ts LINES LISTINGS
 */

const [lines = 0, listings = 0] = process.argv.slice(2).map(Number);

const server = createServer((request, response) => {
  request.resume().on("end", () => {
    if (request.method === "GET") answer(new URL(request.url ?? "", "http://127.0.0.1"), response);
    else response.writeHead(204).end();
  });
});
server.keepAliveTimeout = 600_000;
process.stdout.write(`http://127.0.0.1:${await listen(server, 0)}\n`);

function answer({ pathname, searchParams }: URL, response: ServerResponse): void {
  const path = decodeURIComponent(pathname);
  const [, rowKey] = /Lines\(PartitionKey='line',RowKey='([^']*)'\)$/.exec(path) ?? [];
  if (rowKey !== undefined) {
    const number = lineNumberOf(rowKey);
    if (number === undefined || number >= lines)
      sendJson(response, 404, { "odata.error": { code: "ResourceNotFound" } });
    else sendJson(response, 200, { PartitionKey: "line", RowKey: rowKey, name: `Line ${number}` });
    return;
  }
  const [, partition = ""] = /PartitionKey eq '([^']*)'/.exec(searchParams.get("$filter") ?? "") ?? [];
  sendJson(response, 200, { value: rowsOf(path, partition).map((row) => ({ PartitionKey: partition, ...row })) });
}

function rowsOf(path: string, partition: string): readonly object[] {
  if (path.endsWith("/Routes()")) {
    if (partition === "all") return [LISTS_RULE];
    return (lineNumberOf(partition) ?? lines) < lines ? [LINE_RULE] : [];
  }
  // The callers' numbers end in their own number.
  if (!path.endsWith("/CallerLists()") || Number(partition.slice(-6)) >= listings / LISTS_A_CALLER) return [];
  return Array.from({ length: LISTS_A_CALLER }, (_, list) => ({ RowKey: `list ${list}` }));
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json;odata=minimalmetadata" }).end(JSON.stringify(body));
}
