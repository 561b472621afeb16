/** What a request body is, before its entries are looked at. */
export type DeliveryBody =
  | { readonly kind: "notifications"; readonly entries: readonly unknown[] }
  /** Skype's format: the platform sends the call again in Graph's when it is told 204. */
  | { readonly kind: "legacy" }
  | { readonly kind: "malformed"; readonly reason: string };

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads a delivery: UTF-8 (a byte order mark is forgiven), JSON, an object with an array `value`. Never throws.
 *
 * @returns malformed with a sentence that says what is wrong and, for JSON, where
 */
export function parseBody(bytes: Uint8Array): DeliveryBody {
  if (bytes.length === 0) return malformed("the body is empty");
  let text: string;
  try {
    text = UTF8.decode(bytes);
  } catch {
    return malformed("the body is not UTF-8");
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    return malformed(`the body is not JSON${whereOf(error, text)}`);
  }
  if (typeof body !== "object" || body === null || Array.isArray(body))
    return malformed("the body is not a JSON object");
  const value = "value" in body ? body.value : undefined;
  if (Array.isArray(value)) return { kind: "notifications", entries: value };
  if ("callState" in body && "participants" in body) return { kind: "legacy" };
  if (value === null) return { kind: "notifications", entries: [] };
  return malformed('the body is not a commsNotifications: it has no array "value"');
}

function malformed(reason: string): DeliveryBody {
  return { kind: "malformed", reason };
}

/** Only the place, if the engine tells it: its own message quotes the body, which may hold numbers and names. */
function whereOf(error: unknown, text: string): string {
  const message = error instanceof Error ? error.message : "";
  const position = /at position (\d+)/.exec(message)?.[1] ?? (/end of JSON/.test(message) ? text.length : undefined);
  if (position === undefined) return "";
  const before = text.slice(0, Number(position)).split("\n");
  return ` at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
