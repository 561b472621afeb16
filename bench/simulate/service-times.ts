import { z } from "zod";
import defaults from "./service-times.json" with { type: "json" };

const ms = z.number().min(0);
const source = z.string().min(1);
const timed = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("fixed"), ms, source }),
  z.strictObject({ kind: z.literal("exponential"), meanMs: ms.positive(), source }),
  z.strictObject({ kind: z.literal("log-normal"), medianMs: ms.positive(), p99Ms: ms.positive(), source }),
]);

const serviceTimes = z.strictObject({
  /** Processor time of an incoming call and of a call's end, in our process and in the Functions host, for every post. */
  cpuOfCallMs: timed,
  cpuOfEndMs: timed,
  cpuOfHostMs: timed,
  /** From the order to an instance until it runs our code; loading the app; what its first calls wait for besides. */
  platformStartMs: timed,
  appLoadMs: timed,
  firstCallMs: timed,
  /** One operation on Table Storage. */
  tableMs: timed,
  /** One redirect, accepted or gone; and one that is throttled. */
  graphMs: timed,
  graphThrottledMs: timed,
});

/** How long each step takes, with where the figure is from. */
export type ServiceTimes = Readonly<z.infer<typeof serviceTimes>>;

/** The committed times, from which the page is made. */
export const SERVICE_TIMES: ServiceTimes = serviceTimes.parse(defaults);

/** What a bench writes to .local/bench, as far as it matters here. */
const benchResult = z.object({ bench: z.string(), figures: z.record(z.string(), z.object({ median: ms })) });

/** Which figure of which bench is which step. */
const MEASURED: Readonly<Record<string, Readonly<Partial<Record<keyof ServiceTimes, string>>>>> = {
  webhook: { cpuOfCallMs: "ringroute cpuMsPerPost at 10" },
  cold: { appLoadMs: "ringroute load ms", firstCallMs: "ringroute first call more than warm ms" },
};

/**
 * Times with those of a file laid over them.
 *
 * @param json some or all of the entries of service-times.json, or the result of a bench
 * @throws Error that names each entry at fault
 */
export function readServiceTimes(json: unknown, times: ServiceTimes = SERVICE_TIMES): ServiceTimes {
  const bench = benchResult.safeParse(json);
  const read = serviceTimes.partial().safeParse(bench.success ? timesOfBench(bench.data) : json);
  if (!read.success) throw new Error(`the service times are not right:\n${z.prettifyError(read.error)}`);
  return serviceTimes.parse({ ...times, ...read.data });
}

/** The medians of a bench. */
function timesOfBench({ bench, figures }: z.infer<typeof benchResult>) {
  const wanted = Object.entries(MEASURED[bench] ?? {});
  if (wanted.length === 0) throw new Error(`nothing here is measured by the bench ${bench}`);
  return Object.fromEntries(
    wanted.map(([step, name]) => {
      const found = figures[name];
      if (found === undefined) throw new Error(`the result of the bench ${bench} lacks "${name}"`);
      return [step, { kind: "fixed", ms: found.median, source: `measured: npm run bench -- ${bench}` }];
    }),
  );
}
