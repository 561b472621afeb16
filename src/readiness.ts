import { Deadline } from "./deadline.ts";
import { Fault } from "./errors.ts";

/** Whether the app could handle a call now, part by part, without a word of what is in them. */
export interface Readiness {
  readonly ready: boolean;
  /** `ok`, or the code of the fault. */
  readonly parts: Readonly<Record<string, string>>;
  /** Age of the rows that every call needs, once they were read. */
  readonly rowsAgeSeconds?: number;
}

/** The probe's caller waits 2 s; whatever hangs is given up well before. */
const PROBE_MS = 1500;

/** Tries every part at once. Answers within two seconds even when all of them hang. */
export async function checkReadiness(
  probes: Readonly<Record<string, (signal: AbortSignal) => Promise<unknown>>>,
): Promise<Readiness> {
  const deadline = new Deadline(PROBE_MS + 100);
  const answers = await Promise.all(
    Object.entries(probes).map(async ([part, probe]) => [part, await outcomeOf(part, probe, deadline)] as const),
  );
  deadline.end();
  return { ready: answers.every(([, answer]) => answer === "ok"), parts: Object.fromEntries(answers) };
}

async function outcomeOf(
  part: string,
  probe: (signal: AbortSignal) => Promise<unknown>,
  deadline: Deadline,
): Promise<string> {
  try {
    await deadline.within(`probing the ${part}`, PROBE_MS, probe);
    return "ok";
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
}
