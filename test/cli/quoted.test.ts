import { describe, expect, it } from "vitest";
import { quoted } from "../../src/cli/quoted.ts";

describe("quoted", () => {
  it("leaves a plain word as it is", () => {
    expect(quoted("rows/lists-2.csv", "linux")).toBe("rows/lists-2.csv");
  });

  it("quotes what a shell would part or expand", () => {
    expect(quoted("my rows", "linux")).toBe("'my rows'");
    expect(quoted("Bob's $HOME", "darwin")).toBe("'Bob'\\''s $HOME'");
    expect(quoted("my rows", "win32")).toBe('"my rows"');
  });
});
