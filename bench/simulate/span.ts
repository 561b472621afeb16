/** From one moment to another, both in milliseconds. The start belongs, the end does not. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

export function isWithin({ fromMs, untilMs }: Span, atMs: number): boolean {
  return fromMs <= atMs && atMs < untilMs;
}
