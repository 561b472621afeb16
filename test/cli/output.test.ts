import { PassThrough } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import type { Host } from "../../src/cli/host.ts";
import { Output } from "../../src/cli/output.ts";

/** An Output on a terminal of which a test is the person. */
function atTerminal() {
  const terminal = () => Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  const [stdin, stdout, stderr] = [terminal(), terminal(), terminal()];
  const interrupted = new AbortController();
  const host: Host = {
    env: {},
    cwd: "",
    stdin,
    stdout,
    stderr,
    now: () => new Date(0),
    interrupted: interrupted.signal,
  };
  const textOf = (stream: PassThrough) => String(stream.read() ?? "");
  return {
    out: new Output(host),
    interrupted,
    type: (keys: string) => stdin.write(keys),
    hangUp: () => stdin.end(),
    isAsked: () => vi.waitFor(() => expect(stderr.readableLength).toBeGreaterThan(0)),
    said: () => textOf(stdout),
    told: () => textOf(stderr),
  };
}

describe("Output.confirm", () => {
  const ANSWERS: readonly (readonly [what: string, keys: string, yes: boolean])[] = [
    ["y", "y\r", true],
    ["YES", "YES\r", true],
    ["n", "n\r", false],
    ["Enter alone", "\r", false],
    ["Ctrl-C", "\u0003", false],
    ["Ctrl-D", "\u0004", false],
  ];
  for (const [what, keys, yes] of ANSWERS) {
    it(`takes ${what} for ${yes ? "yes" : "no"}`, async () => {
      const { out, type, isAsked } = atTerminal();
      const answer = out.confirm("Go on?");
      await isAsked();
      type(keys);
      expect(await answer).toBe(yes);
    });
  }

  it("takes a terminal that is closed for no", async () => {
    const { out, hangUp, isAsked } = atTerminal();
    const answer = out.confirm("Go on?");
    await isAsked();
    hangUp();
    expect(await answer).toBe(false);
  });

  it("takes an interruption from outside for no", async () => {
    const { out, interrupted, isAsked } = atTerminal();
    const answer = out.confirm("Go on?");
    await isAsked();
    interrupted.abort();
    expect(await answer).toBe(false);
  });
});

describe("Output", () => {
  const HOSTILE = "a\u001b[31mb\u009b2Jc\rd\u0007e\u202ef";
  const SHOWN = "a\\u001b[31mb\\u009b2Jc\\u000dd\\u0007e\\u202ef";

  it("shows what a cell would have a terminal do, in lines, tables and messages", () => {
    const { out, said, told } = atTerminal();
    out.print(HOSTILE);
    expect(said()).toBe(`${SHOWN}\n`);
    out.printTable(["Note"], [[HOSTILE]]);
    expect(said()).toContain(`\n${SHOWN}\n`);
    out.tell(HOSTILE);
    expect(told()).toBe(`${SHOWN}\n`);
  });

  it("keeps its own colours, and in them the cell's are shown all the same", () => {
    const { out, said } = atTerminal();
    out.print(out.paint("red", `${HOSTILE}${out.paint("bold", "own")}`));
    const text = said();
    expect(text).toContain(SHOWN);
    expect(text.startsWith("\u001b[31m")).toBe(true);
    expect(text).toContain("\u001b[1mown\u001b[22m");
    out.printTable(["Now", "Next"], [[out.paint("green", "on"), "x"]]);
    expect(said()).toContain("\u001b[32mon\u001b[39m   x\n");
  });

  it("keeps lines and tabs", () => {
    const { out, said } = atTerminal();
    out.print("one\n\ttwo");
    expect(said()).toBe("one\n\ttwo\n");
  });

  it("leaves what is for a program as it is", () => {
    const { out, said } = atTerminal();
    out.printRaw(HOSTILE);
    out.printJson({ note: HOSTILE });
    const [raw = "", ...json] = said().split("\n");
    expect(raw).toBe(HOSTILE);
    expect(JSON.parse(json.join("\n"))).toEqual({ note: HOSTILE });
  });
});
