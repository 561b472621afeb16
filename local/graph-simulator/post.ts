import { request } from "node:http";

/** What became of a post: the answer's status, or why there was none. */
export type PostResult =
  | { readonly status: number; readonly error: null }
  | { readonly status: null; readonly error: string };

// How long the platform waits for the webhook is not known. This is longer than a call is kept open, so it cuts off
// nothing that could still be useful.
const answerTimeoutMs = 20_000;

/** Posts JSON text over plain HTTP. Never rejects: a webhook that is down is a result. */
export function post(
  url: string,
  { headers, body, signal }: { headers: Record<string, string>; body: string; signal: AbortSignal },
): Promise<PostResult> {
  return new Promise((resolve) => {
    const fail = (error: Error) => resolve({ status: null, error: error.message || error.name });
    // A connection for each post: a kept one may be closed by the other side just as it is used again.
    const outgoing = request(url, { method: "POST", agent: false, signal, headers }, (response) => {
      const status = response.statusCode ?? 0;
      response.on("error", fail);
      response.on("end", () => resolve({ status, error: null }));
      response.resume();
    });
    outgoing.setTimeout(answerTimeoutMs, () =>
      outgoing.destroy(new Error(`the webhook has not answered within ${answerTimeoutMs} ms`)),
    );
    outgoing.on("error", fail);
    outgoing.end(body);
  });
}
