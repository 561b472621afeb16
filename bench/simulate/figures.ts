/** With its thousands apart: 12,345. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** Two figures; more is more than the model knows. */
export function approximate(value: number): string {
  return value < 1 ? value.toPrecision(1) : grouped(Number(value.toPrecision(2)));
}
