import { UsageError } from "../exit.ts";

/** What a person asks of an override, each text as typed: the flags of `ringroute override on`. */
export interface TypedWishes {
  readonly scope: string;
  readonly target?: string | undefined;
  readonly reject?: string | undefined;
  readonly for?: string | undefined;
  readonly until?: string | undefined;
  readonly zone?: string | undefined;
  readonly note?: string | undefined;
}

export type Wish = keyof TypedWishes;

/** Wishes of which none contradicts another. */
export interface Wishes {
  readonly scope: string;
  readonly calls: { readonly target: string } | { readonly reject: string };
  /** Absent: until somebody switches it off. */
  readonly end?: { readonly for: string } | { readonly until: string };
  readonly zone: string | undefined;
  readonly note: string;
}

/** How people are spoken to, where they type wishes. */
export interface WishWords {
  /** What each is called: `--scope`, `Whose calls`. */
  readonly names: Readonly<Record<Wish, string>>;
  /** That calls either ring somebody or are rejected, where neither or both are asked. */
  readonly sayWhich: string;
  /** That an override stands until it is switched off. @param scope as people type it */
  readonly standsUntilOff: (scope: string) => string;
}

/** A sentence about a wish that cannot be granted. */
export interface WishFault {
  readonly wish: Wish;
  readonly says: string;
}

/** Wishes cannot be granted as they were typed. */
export class WishError extends UsageError {
  readonly faults: readonly WishFault[];

  constructor(...faults: readonly WishFault[]) {
    super(faults.map(({ says }) => says).join("\n"));
    this.faults = faults;
  }
}

/** @throws WishError when wishes contradict each other, or nobody says what becomes of the calls */
export function readWishes(typed: TypedWishes, { names, sayWhich }: WishWords): Wishes {
  const { scope, until, zone, note = "" } = typed;
  const calls = callsOf(typed);
  if (calls === undefined) throw new WishError({ wish: "target", says: sayWhich });
  if (typed.for !== undefined && until !== undefined)
    throw new WishError({ wish: "until", says: `${names.for} and ${names.until} are both given; keep one.` });
  const end = typed.for !== undefined ? { for: typed.for } : until !== undefined ? { until } : undefined;
  return { scope, calls, zone, note, ...(end === undefined ? {} : { end }) };
}

function callsOf({ target, reject }: TypedWishes): Wishes["calls"] | undefined {
  if (target !== undefined && reject === undefined) return { target };
  return reject !== undefined && target === undefined ? { reject } : undefined;
}
