/** Lists that each listed caller is on. */
export const LISTS_A_CALLER = 10;

/** The one rule of each line. */
export const LINE_RULE = {
  RowKey: "desk",
  caller: "*",
  targets: 'user:98da8a1a-1b87-452c-a713-65d3f10b1253 "Front desk"',
  fallback: "phone:+14255550101",
};
/** Of every line: lists are read where a rule names one. */
export const LISTS_RULE = { RowKey: "listed", caller: "list:blocked", action: "reject" };

const PREFIX = "7629bdce-046c-4903-86b4-";

export function lineId(number: number): string {
  return PREFIX + String(number).padStart(12, "0");
}

/** The number of a line, or undefined for what is none of these lines. */
export function lineNumberOf(id: string): number | undefined {
  return id.startsWith(PREFIX) ? Number(id.slice(PREFIX.length)) : undefined;
}

/** A caller's number, whose last six digits are the caller's own. */
export function callerNumber(number: number): string {
  return `+1206${String(number).padStart(7, "5000000")}`;
}
