import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseBody } from "../../src/notifications/body.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => parseBody(bytes(text));

describe("parseBody", () => {
  it("hands out the entries of a commsNotifications, each as it came", () => {
    const body = '{"@odata.type": "#microsoft.graph.commsNotifications", "value": [{"a": 1}, null, "x", [2]]}';
    expect(read(body)).toEqual({ kind: "notifications", entries: [{ a: 1 }, null, "x", [2]] });
  });

  it("asks for no type: an array named value is enough", () => {
    expect(read('{"value": [1]}')).toEqual({ kind: "notifications", entries: [1] });
  });

  it.each(['{"value": []}', '{"value": null}'])("finds nothing to do in %s", (body) => {
    expect(read(body)).toEqual({ kind: "notifications", entries: [] });
  });

  it("forgives one byte order mark", () => {
    expect(read('\ufeff{"value": [1]}')).toEqual({ kind: "notifications", entries: [1] });
    expect(read('\ufeff\ufeff{"value": [1]}').kind).toBe("malformed");
  });

  it("keeps names and numbers in any script whole", () => {
    expect(read('{"value": ["Zoë 你好 \u{1f4de}"]}')).toEqual({
      kind: "notifications",
      entries: ["Zoë 你好 \u{1f4de}"],
    });
  });

  it("knows the legacy format: a conversation without an envelope", () => {
    expect(read('{"callState": "incoming", "participants": []}')).toEqual({ kind: "legacy" });
    expect(read('{"callState": "incoming", "participants": [], "value": null}')).toEqual({ kind: "legacy" });
  });

  it("is not misled by one of the legacy format's fields, or by both inside an envelope", () => {
    expect(read('{"callState": "incoming"}').kind).toBe("malformed");
    expect(read('{"participants": []}').kind).toBe("malformed");
    expect(read('{"callState": "incoming", "participants": [], "value": []}').kind).toBe("notifications");
    expect(read('{"value": [{"resourceData": {"callState": "incoming", "participants": []}}]}').kind).toBe(
      "notifications",
    );
  });

  it.each([
    ["nothing", new Uint8Array(), /empty/],
    ["only spaces", bytes("  \n"), /JSON/],
    ["only a byte order mark", bytes("\ufeff"), /JSON/],
    ["Latin-1", new Uint8Array([0x7b, 0x22, 0xeb, 0x22, 0x7d]), /UTF-8/],
    ["UTF-16", new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]), /UTF-8/],
    ["an overlong slash", new Uint8Array([0x22, 0xc0, 0xaf, 0x22]), /UTF-8/],
    ["half a surrogate pair", new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]), /UTF-8/],
    ["words", bytes("hello"), /JSON/],
    ["a form", bytes("value=1"), /JSON/],
    ["half an object", bytes('{"value": ['), /JSON.*line 1, column 12/],
    ["a comma too many", bytes('{"value": [1],}'), /JSON.*line 1, column 15/],
    ["a missing comma on line 2", bytes('{"value":\n[1 2]}'), /JSON.*line 2, column 4/],
    ["single quotes", bytes("{'value': []}"), /JSON.*line 1, column 2/],
    ["NaN", bytes('{"value": NaN}'), /JSON/],
    ["a comment", bytes('{"value": [] /* x */}'), /JSON/],
    ["an array", bytes("[]"), /not a JSON object/],
    ["a number", bytes("5"), /not a JSON object/],
    ["a text", bytes('"value"'), /not a JSON object/],
    ["null", bytes("null"), /not a JSON object/],
    ["no value", bytes("{}"), /"value"/],
    ["a value that is an object", bytes('{"value": {"0": 1}}'), /"value"/],
    ["a value that is a text", bytes('{"value": "[]"}'), /"value"/],
    ["a value that is inherited", bytes('{"__proto__": {"value": []}}'), /"value"/],
  ])("refuses %s, and says what is wrong", (_what, body, reason) => {
    expect(parseBody(body)).toEqual({ kind: "malformed", reason: expect.stringMatching(reason) });
  });

  it("names no place when it does not know it, rather than a wrong one", () => {
    const body = read(`{"value": [oops]}${" ".repeat(40)}`);
    expect(body).toMatchObject({ kind: "malformed" });
    expect(body).not.toMatchObject({ reason: expect.stringContaining("column 58") });
  });

  it("quotes nothing of the body, which may hold numbers and names", () => {
    for (const body of ['{"id": "+14255550142", oops}', "+14255550142", '{"+14255550142"}', '"+14255550142"']) {
      expect(JSON.stringify(read(body))).not.toContain("4255550142");
    }
  });

  it("never throws on any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytesSent) => {
        expect(["notifications", "legacy", "malformed"]).toContain(parseBody(bytesSent).kind);
      }),
    );
  });

  it("hands out what was put in, whatever it is", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (value) => {
        const text = JSON.stringify({ value });
        expect(read(text)).toEqual({ kind: "notifications", entries: JSON.parse(text).value });
      }),
    );
  });
});
