import { createHash } from "node:crypto";
import { identityOf } from "../book/week.ts";
import { deciderOf } from "../cli/explain/explain-text.ts";
import type { Names } from "../cli/names.ts";
import type { Decision } from "../routing/decision.ts";
import type { Way } from "./api/looking.ts";

/** Characters of a way's id: 72 bits tell the ways of any tables apart. */
const ID_LENGTH = 12;

/** A decision in words and for colours. */
export function wayOf(decision: Decision, names: Names): Way {
  const { by } = decision;
  const isFallback = by.kind === "line-fallback" || by.kind === "app-fallback";
  const action =
    decision.kind === "reject" ? { kind: decision.kind, reason: decision.reason } : { ...decision, fallback: [] };
  const row = by.kind === "rule" ? { partitionKey: by.partition, rowKey: by.name } : undefined;
  return {
    id: createHash("sha256").update(identityOf(decision)).digest("base64url").slice(0, ID_LENGTH),
    kind: isFallback ? "fallback" : decision.kind,
    who: by.kind === "nothing" ? "nobody rings" : names.action({ action }),
    by: deciderOf(decision, names),
    ...(row === undefined ? {} : { row }),
  };
}
