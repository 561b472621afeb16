import type { Tables } from "./tables.ts";

/**
 * Steps of the SDK's pipeline that do nothing for a request to a table, each a function call and a promise all the same:
 * there are no forms, no redirects, no compressed answers and no proxy here, retries and the time limit are ours, and
 * nobody listens to its log or traces.
 */
const UNNEEDED = [
  "decompressResponsePolicy",
  "defaultRetryPolicy",
  "formDataPolicy",
  "logPolicy",
  "multipartPolicy",
  "proxyPolicy",
  "redirectPolicy",
  "tracingPolicy",
  "wrapAbortSignalLikePolicy",
];

/** Leaves in the tables' pipelines what a request needs. @returns the same tables */
export function leanTables(tables: Tables): Tables {
  for (const { pipeline } of Object.values(tables)) {
    for (const name of UNNEEDED) pipeline.removePolicy({ name });
  }
  return tables;
}
