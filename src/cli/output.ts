import { createInterface } from "node:readline/promises";
import { styleText } from "node:util";
import { UsageError } from "./exit.ts";
import type { Host, TextStream } from "./host.ts";
import { escapeControls, ownColours, printable } from "./printable.ts";
import { textTable } from "./text-table.ts";

export type Style = Parameters<typeof styleText>[0];

/** Milliseconds between two lines of progress where no terminal rewrites them. */
const PROGRESS_MS = 10_000;

/** What a command says: results to stdout, everything else to stderr. Colour only on a terminal, and never with NO_COLOR. */
export class Output {
  readonly #host: Host;
  #progressAtMs = Number.NEGATIVE_INFINITY;
  #progressShown = false;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Columns that a line may take; without end in a pipe. */
  get width(): number {
    return this.#host.stdout.isTTY ? (this.#host.stdout.columns ?? 80) : Number.POSITIVE_INFINITY;
  }

  /** Lines of the result, for people: what a terminal would obey is shown as what it is. */
  print(...lines: readonly string[]): void {
    this.printRaw(...lines.map(printable));
  }

  /** Lines of the result for a program, as they are. */
  printRaw(...lines: readonly string[]): void {
    this.#clearProgress();
    for (const line of lines) this.#host.stdout.write(`${line}\n`);
  }

  printTable(headings: readonly string[], rows: readonly (readonly string[])[]): void {
    const [first = "", ...others] = textTable(headings, rows, this.width);
    this.print(this.paint("bold", first), ...others);
  }

  printJson(value: unknown): void {
    this.printRaw(JSON.stringify(value, null, 2));
  }

  /** Lines about the result: what is being done, and to what. */
  tell(...lines: readonly string[]): void {
    this.#clearProgress();
    for (const line of lines) this.#host.stderr.write(`${printable(line)}\n`);
  }

  /** Says how far long work has come: in one line that is rewritten on a terminal, else now and then. */
  progress(text: string): void {
    const { stderr } = this.#host;
    const nowMs = performance.now();
    if (stderr.isTTY) {
      stderr.write(`\r\u001b[K${printable(text).slice(0, (stderr.columns ?? 80) - 1)}`);
      this.#progressShown = true;
    } else if (nowMs - this.#progressAtMs >= PROGRESS_MS) {
      // The first line waits as well: most work is done by then.
      if (this.#progressAtMs !== Number.NEGATIVE_INFINITY) stderr.write(`${printable(text)}\n`);
      this.#progressAtMs = nowMs;
    }
  }

  /** A text of the result in a colour or weight. */
  paint(style: Style, text: string): string {
    return paint(this.#host.stdout, style, text);
  }

  /**
   * Asks whether to go on. Ctrl-C and Ctrl-D say no, as whatever is not yes.
   *
   * @throws UsageError when nobody is there to answer
   */
  async confirm(question: string): Promise<boolean> {
    const { stdin, stderr, interrupted } = this.#host;
    if (!stdin.isTTY) throw new UsageError(`${question} Nobody is at a terminal to answer: say it with --yes.`);
    this.#clearProgress();
    const lines = createInterface({ input: stdin, output: stderr });
    const closed = new AbortController();
    lines.once("close", () => closed.abort());
    try {
      const signal = AbortSignal.any([interrupted, closed.signal]);
      const answer = await lines.question(`${printable(question)} [y/N] `, { signal });
      return /^y(es)?$/i.test(answer.trim());
    } catch (error) {
      if (!(error instanceof Error && error.name === "AbortError")) throw error;
      // The cursor stands behind the question.
      stderr.write("\n");
      return false;
    } finally {
      lines.close();
    }
  }

  #clearProgress(): void {
    if (!this.#progressShown) return;
    this.#host.stderr.write("\r\u001b[K");
    this.#progressShown = false;
  }
}

function paint(stream: TextStream, style: Style, text: string): string {
  // A stream that is no terminal's own is none that styleText can ask.
  return stream.isTTY ? ownColours(styleText(style, escapeControls(text), { stream })) : text;
}
