import { describe, expect, it } from "vitest";
import { byPrecedence, matchRoute, parseTemplate, type Route } from "../../local/functions-host/routes.ts";

function routes(...templates: string[]): Route[] {
  return templates.map((template) => ({
    functionName: template,
    methods: undefined,
    segments: parseTemplate(template),
  }));
}

function matched(templates: string[], path: string): unknown {
  const match = matchRoute(byPrecedence(routes(...templates)), "GET", path);
  return match.kind === "route" ? [match.route.functionName, match.params] : match.kind;
}

describe("matchRoute", () => {
  it.each([
    ["/calls", ["calls", {}]],
    ["/calls/", ["calls", {}]],
    ["/CALLS", ["calls", {}]],
    ["/calls/1", ["calls/{record}", { record: "1" }]],
    ["/calls/latest", ["calls/latest", {}]],
    ["/calls/1/2/3", ["calls/{*rest}", { rest: "1/2/3" }]],
    ["/other", "none"],
    ["/", "none"],
    ["/calls/%E0%A4", "malformed"],
  ])("takes %s where ASP.NET takes it", (path, expected) => {
    expect(matched(["calls/{*rest}", "calls/{record}", "calls/latest", "calls"], path)).toEqual(expected);
  });

  it("tries the next route when the first does not take the method", () => {
    const [post, any] = routes("calls", "calls");
    if (post === undefined || any === undefined) throw new Error("unreachable");
    const both = [
      { ...post, methods: ["POST"] },
      { ...any, functionName: "any" },
    ];
    expect(matchRoute(both, "GET", "/calls")).toMatchObject({ route: { functionName: "any" } });
  });
});

describe("parseTemplate", () => {
  it.each([
    ["/calls", "may not start with"],
    ["calls/{id?}/notes", "must be at the end"],
    ["calls/{*rest}/notes", "must be last"],
    ["calls/{id}/{ID}", "names a parameter twice"],
    ["calls/{id:int}", "cannot match"],
    ["calls/a{id}", "cannot match"],
    ["calls//notes", "cannot match"],
  ])("refuses %s", (template, message) => {
    expect(() => parseTemplate(template)).toThrow(message);
  });
});
