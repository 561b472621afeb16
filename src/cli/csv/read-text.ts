import { createReadStream } from "node:fs";
import { TextDecoder } from "node:util";

/** A file cannot be read on from a line. */
export class UnreadableFile extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.name = "UnreadableFile";
    this.line = line;
  }
}

export const NEWLINE = /\r\n|\n|\r/g;

/**
 * The text of a file, chunk by chunk, without its byte order mark. UTF-8, and UTF-16 as a spreadsheet's "Unicode text":
 * told by its mark, or by the zero bytes of a file that begins with a plain letter.
 *
 * @throws UnreadableFile that names the line of the first byte that is no UTF-8
 */
export async function* readText(path: string): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  try {
    for await (const chunk of createReadStream(path)) {
      decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true });
      yield decoder.decode(chunk, { stream: true });
    }
    const last = decoder?.decode() ?? "";
    if (last !== "") yield last;
  } catch (error) {
    if (!(error instanceof TypeError && "code" in error && error.code === "ERR_ENCODING_INVALID_ENCODED_DATA"))
      throw error;
    const encoding = decoder?.encoding ?? "utf-8";
    const remedy = encoding === "utf-8" ? 'save the file as "CSV UTF-8"' : "save the file again";
    throw new UnreadableFile(await badLine(path, encoding), `the text is not ${encoding.toUpperCase()}: ${remedy}`);
  }
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first === 0) return "utf-16be";
  return second === 0 ? "utf-16le" : "utf-8";
}

/** The line where what cannot be decoded stands, found by reading once more and forgivingly. */
async function badLine(path: string, encoding: string): Promise<number> {
  const decoder = new TextDecoder(encoding);
  let text = "";
  let line = 1;
  for await (const chunk of createReadStream(path)) {
    text += decoder.decode(chunk, { stream: true });
    const bad = text.indexOf("\ufffd");
    // A CR at the end may be half of a CRLF.
    const end = bad >= 0 ? bad : text.endsWith("\r") ? text.length - 1 : text.length;
    line += text.slice(0, end).match(NEWLINE)?.length ?? 0;
    if (bad >= 0) return line;
    text = text.slice(end);
  }
  return line;
}
