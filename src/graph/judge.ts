import type { GraphOutcome } from "../ports.ts";

/** What came back from one request, or why nothing did. */
export type Reply =
  | {
      readonly kind: "answered";
      readonly status: number;
      /** Graph's error code: digits for calls, such as `7505`. */
      readonly code?: string;
      readonly message?: string;
      readonly requestId?: string;
      readonly retryAfterMs?: number;
    }
  /** No answer. `sent` when the request may have been carried out all the same. */
  | { readonly kind: "no-answer"; readonly sent: boolean; readonly message: string };

/** What to do after a reply. */
export type Verdict =
  | { readonly kind: "done"; readonly outcome: GraphOutcome["kind"] }
  /** Wait, then send the request again; with a token that no cache has seen, when the old one may be at fault. */
  | {
      readonly kind: "again";
      readonly afterMs: number;
      readonly freshToken: boolean;
      readonly otherwise: "refused" | "unreachable";
    };

const QUICKLY_MS = 200;
const THROTTLED_MS = 700;

/**
 * Judges a reply by what can be done about it. The table is Graph's calling errors as they have been seen.
 *
 * @param reply the newest
 * @param before replies to the same request, oldest first
 */
export function judge(reply: Reply, before: readonly Reply[]): Verdict {
  if (reply.kind === "no-answer") {
    // A lost answer is repeated once: a second redirect of the same call does no harm.
    return before.some(({ kind }) => kind === "no-answer") ? done("unreachable") : again(QUICKLY_MS, "unreachable");
  }
  const { status, code, retryAfterMs } = reply;
  const seen = (matches: (earlier: number) => boolean) =>
    before.filter((earlier) => earlier.kind === "answered" && matches(earlier.status)).length;
  if (status >= 200 && status < 300) return done("accepted");
  if (status === 401) return seen((earlier) => earlier === 401) > 0 ? done("unreachable") : freshToken("unreachable");
  if (status === 429)
    return again(
      Math.max(QUICKLY_MS, retryAfterMs ?? THROTTLED_MS * 2 ** seen((earlier) => earlier === 429)),
      "unreachable",
    );
  if (status >= 400 && status < 500 && before.some((earlier) => earlier.kind === "no-answer" && earlier.sent)) {
    // The first request may have been carried out, and the call is no longer ours to redirect.
    return done("accepted");
  }
  if (status === 404 || code === "8522") return done("gone");
  // Consent given a moment ago is not in a token that was fetched before.
  if (code === "7504") {
    const repeated = before.some((earlier) => earlier.kind === "answered" && earlier.code === "7504");
    return repeated ? done("refused") : freshToken("refused");
  }
  if (status === 500) return seen((earlier) => earlier === 500) > 0 ? done("refused") : again(QUICKLY_MS, "refused");
  if (status > 500) {
    const failures = seen((earlier) => earlier > 500);
    return failures > 1 ? done("unreachable") : again(retryAfterMs ?? QUICKLY_MS * 4 ** failures, "unreachable");
  }
  return done("refused");
}

function done(outcome: GraphOutcome["kind"]): Verdict {
  return { kind: "done", outcome };
}

function again(afterMs: number, otherwise: "refused" | "unreachable"): Verdict {
  return { kind: "again", afterMs, freshToken: false, otherwise };
}

function freshToken(otherwise: "refused" | "unreachable"): Verdict {
  return { kind: "again", afterMs: 0, freshToken: true, otherwise };
}
