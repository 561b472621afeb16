/**
 * What the console's page and its server say to each other: JSON over loopback. Moments are epoch milliseconds, numbers
 * E.164, ids as rows hold them. A request that cannot be done is answered with `Refusal` and a status of 400 or above.
 */

import type { Cells } from "../../store/layouts.ts";

/** Why a request was not done, for people. */
export interface Refusal {
  readonly error: string;
  /** What somebody else made of the row meanwhile (status 409); null when they removed it. */
  readonly theirs?: Cells | null;
}
