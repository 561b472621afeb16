import type { Refusal } from "./api/refusal.ts";

/** A request that is not done, for a reason that people are told. */
export class Refused extends Error {
  /** HTTP's, 400 or above. */
  readonly status: number;
  readonly refusal: Refusal;

  constructor(status: number, error: string, more: Omit<Refusal, "error"> = {}) {
    super(error);
    this.name = "Refused";
    this.status = status;
    this.refusal = { error, ...more };
  }
}
