import type { LineView } from "../../api/looking.ts";
import { CallerField } from "./caller-field.tsx";
import { LineField } from "./line-field.tsx";
import { useLine, useLines } from "./lines.ts";
import { goTo, type Params, useRoute, type View } from "./route.ts";
import { useConsoleState } from "./state.ts";
import { READERS_ZONE } from "./time.ts";

/** Whom a view of one line is about, as the address says. */
export interface Subject {
  readonly params: Params;
  readonly lines: readonly LineView[];
  /** The line's id; undefined until it is found. */
  readonly line: string | undefined;
  /** What the line is called. */
  readonly label: string | undefined;
  /** Why the address names no line. */
  readonly wrongLine: string | undefined;
  /** As `ringroute explain --from` takes it; undefined until it is known who stands for an ordinary caller. */
  readonly caller: string | undefined;
  /** The line's own zone; the reader's until it is known. */
  readonly timeZone: string;
  readonly version: string | undefined;
}

export function useLineAndCaller(): Subject {
  const { params } = useRoute();
  const state = useConsoleState();
  const lines = useLines().value?.lines ?? [];
  const { line, fault } = useLine(params.line);
  return {
    params,
    lines,
    line: line?.id,
    label: line?.label,
    wrongLine: fault,
    caller: params.caller ?? state?.ordinaryCaller,
    timeZone: line?.timeZone ?? READERS_ZONE,
    version: state?.version,
  };
}

/** The fields for line and caller; what is chosen goes into the address. */
export function LineAndCaller({ view, subject }: { view: View; subject: Subject }) {
  const { lines, line, wrongLine, params } = subject;
  return (
    <>
      <LineField
        lines={lines}
        value={line ?? params.line}
        wrong={wrongLine}
        onChoose={(chosen) => goTo(view, { ...params, line: chosen })}
      />
      <CallerField value={params.caller} onChoose={(chosen) => goTo(view, { ...params, caller: chosen })} />
    </>
  );
}
