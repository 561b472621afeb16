import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonLog, type LogEvent, type LogFields, type LogLevel } from "../src/log.ts";

/** The lines that one entry writes. */
function lines(level: LogLevel, event: LogEvent, fields?: LogFields): readonly [LogLevel, string][] {
  const written: [LogLevel, string][] = [];
  jsonLog((...line) => written.push(line))(level, event, fields);
  return written;
}

function line(fields: LogFields): string {
  return lines("info", "call_redirected", fields).map(([, text]) => text)[0] ?? "";
}

describe("jsonLog", () => {
  it("writes one line of JSON that starts with the event", () => {
    expect(lines("warn", "call_gone", { callId: "491f0b00-ffff-4bc9-a43e-b226498ec22a", tries: 1 })).toEqual([
      ["warn", '{"event":"call_gone","callId":"491f0b00-ffff-4bc9-a43e-b226498ec22a","tries":1}'],
    ]);
    expect(lines("error", "keys_unavailable")).toEqual([["error", '{"event":"keys_unavailable"}']]);
  });

  it("leaves out what is undefined", () => {
    expect(JSON.parse(line({ code: undefined, ok: true }))).toEqual({ event: "call_redirected", ok: true });
  });

  it("masks numbers within texts and leaves measures alone", () => {
    const written = line({ reason: "caller +1 (425) 555-0142 is on no list", elapsedMs: 1234567890 });
    expect(written).not.toContain("555");
    expect(JSON.parse(written)).toMatchObject({ elapsedMs: 1234567890 });
  });

  it.each([
    ["a line feed", "\n"],
    ["a carriage return", "\r"],
    ["a next line", "\u0085"],
    ["a line separator", "\u2028"],
    ["a paragraph separator", "\u2029"],
    ["a form feed", "\f"],
    ["a vertical tab", "\v"],
    ["an order of reading", "\u202e"],
    ["a character that nobody sees", "\u200b"],
    ["a tag that nobody sees", "\u{e0041}"],
    ["half a character", "\ud800"],
  ])("escapes %s, and loses nothing of it", (_what, character) => {
    const text = `before${character}{"event":"forged"}`;
    const written = line({ text });
    expect(written).not.toContain(character);
    expect(JSON.parse(written)).toEqual({ event: "call_redirected", text });
  });

  it("is one line of JSON whatever is in it, and gives back what was put in", () => {
    // Without digits nothing is masked.
    const text = fc.string({ unit: "binary" }).map((any) => any.replace(/\d/g, ""));
    const value = fc.oneof(text, fc.integer(), fc.boolean());
    fc.assert(
      fc.property(fc.dictionary(text, value), (fields) => {
        fc.pre(!("event" in fields));
        const written = line(fields);
        expect(written).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(JSON.parse(written)).toEqual({ event: "call_redirected", ...fields });
      }),
      { numRuns: 500 },
    );
  });
});
