/** A value that arrived over HTTP is not what it must be. The message is one sentence that starts with the field. */
export class FieldError extends Error {
  override readonly name = "FieldError";
}

/** A JSON object whose values have not been looked at yet. */
export type Fields = Readonly<Record<string, unknown>>;

export interface NumberRange {
  readonly min: number;
  readonly max?: number;
  readonly whole?: boolean;
}

/** @throws FieldError when `text` is not JSON */
export function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FieldError(`${name} is not JSON`);
  }
}

/** @throws FieldError when `value` is not a JSON object */
export function objectAt(value: unknown, name: string): Fields {
  if (!isObject(value)) throw new FieldError(`${name} must be an object`);
  return value;
}

/** @throws FieldError that names the first property outside `known` */
export function refuseUnknown(fields: Fields, known: readonly string[], name: string): void {
  const stranger = Object.keys(fields).find((key) => !known.includes(key));
  if (stranger !== undefined) throw new FieldError(`${name} has an unknown property ${stranger}`);
}

/** @throws FieldError when `value` is not an array */
export function listAt(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new FieldError(`${name} must be an array`);
  return value;
}

/** @throws FieldError when `value` is not a string, or is blank */
export function textAt(value: unknown, name: string): string {
  if (typeof value !== "string" || value.trim() === "") throw new FieldError(`${name} must be a non-empty string`);
  return value;
}

/** @throws FieldError when `value` is not true or false */
export function booleanAt(value: unknown, name: string): boolean {
  if (typeof value !== "boolean") throw new FieldError(`${name} must be true or false`);
  return value;
}

/** @throws FieldError when `value` is not a number (a string of digits is not) within the range */
export function numberAt(value: unknown, name: string, { min, max = Infinity, whole = false }: NumberRange): number {
  const fits =
    typeof value === "number" && value >= min && value <= max && (whole ? Number.isInteger(value) : value < Infinity);
  if (!fits) {
    const limits = max === Infinity ? `of at least ${min}` : `from ${min} to ${max}`;
    throw new FieldError(`${name} must be a ${whole ? "whole number" : "number"} ${limits}`);
  }
  return value;
}

/** @throws FieldError that lists what is allowed */
export function oneOf<T extends string>(value: unknown, allowed: readonly T[], name: string): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new FieldError(`${name} must be one of ${allowed.join(", ")}`);
  return found;
}

/** `read` for a field that may be left out. */
export function optional<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === undefined ? undefined : read(value);
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
