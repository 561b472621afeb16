/** How one part of a path is matched. */
export type Segment =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "parameter"; readonly name: string; readonly optional: boolean }
  | { readonly kind: "rest"; readonly name: string };

export interface Route {
  readonly functionName: string;
  /** In capitals; undefined means every method. */
  readonly methods: readonly string[] | undefined;
  readonly segments: readonly Segment[];
}

export type RouteMatch =
  | { readonly kind: "route"; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: "none" }
  | { readonly kind: "malformed" };

/**
 * Reads a route template such as `calls/{record?}`: literals, `{name}`, `{name?}` at the end, `{*rest}` at the end.
 *
 * @throws for what the real host refuses, and for its constraints and defaults (`{id:int}`, `{id=1}`), which this
 * host does not know and must not take for names
 */
export function parseTemplate(template: string): Segment[] {
  if (/^[/~]/.test(template)) throw new Error(`The route "${template}" may not start with "/" or "~".`);
  const segments = splitPath(template).map((text) => parseSegment(text, template));
  const last = segments.length - 1;
  segments.forEach((segment, at) => {
    const trails = segments.slice(at + 1).every((later) => later.kind === "parameter" && later.optional);
    if (segment.kind === "rest" && at !== last)
      throw new Error(`In the route "${template}" {*${segment.name}} must be last.`);
    if (segment.kind === "parameter" && segment.optional && !trails) {
      throw new Error(`In the route "${template}" {${segment.name}?} must be at the end.`);
    }
  });
  const names = segments.flatMap((segment) => (segment.kind === "literal" ? [] : [segment.name.toLowerCase()]));
  if (new Set(names).size < names.length) throw new Error(`The route "${template}" names a parameter twice.`);
  return segments;
}

function parseSegment(text: string, template: string): Segment {
  const [, star, name, question] = /^\{(\*{0,2})([A-Za-z_]\w*)(\??)\}$/.exec(text) ?? [];
  if (name !== undefined && star === "") return { kind: "parameter", name, optional: question === "?" };
  if (name !== undefined && question === "") return { kind: "rest", name };
  if (text === "" || /[{}?*]/.test(text)) {
    throw new Error(`The route "${template}" holds "${text}", which this local host cannot match.`);
  }
  return { kind: "literal", text };
}

/**
 * Orders routes as ASP.NET does: part by part a literal outranks a parameter, a parameter outranks the rest of the
 * path, and a template that ends earlier comes first. Equal ones keep their order.
 */
export function byPrecedence(routes: readonly Route[]): Route[] {
  const rank = { literal: 1, parameter: 3, rest: 5 };
  return routes.toSorted((a, b) => {
    const length = Math.max(a.segments.length, b.segments.length);
    for (let at = 0; at < length; at++) {
      const [left, right] = [a.segments[at], b.segments[at]];
      const difference = (left ? rank[left.kind] : 0) - (right ? rank[right.kind] : 0);
      if (difference !== 0) return difference;
    }
    return 0;
  });
}

/**
 * Finds the function for a request.
 *
 * A wrong method is no match, so it ends in the same 404 as an unknown path: the real host knows no 405.
 * Literals are compared without case, one slash at the end is forgiven, `%2F` stays what it is.
 *
 * @param routes in the order of {@link byPrecedence}
 * @param path the path as it was sent, without the query
 */
export function matchRoute(routes: readonly Route[], method: string, path: string): RouteMatch {
  let parts: string[];
  try {
    parts = splitPath(path.replace(/^\//, "").replace(/\/$/, "")).map(decodePart);
  } catch (error) {
    if (error instanceof URIError) return { kind: "malformed" };
    throw error;
  }
  for (const route of routes) {
    if (route.methods !== undefined && !route.methods.includes(method)) continue;
    const params = matchSegments(route.segments, parts);
    if (params !== undefined) return { kind: "route", route, params };
  }
  return { kind: "none" };
}

function matchSegments(segments: readonly Segment[], parts: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [at, segment] of segments.entries()) {
    const part = parts[at];
    if (segment.kind === "rest") {
      if (part !== undefined) params[segment.name] = parts.slice(at).join("/");
      return params;
    }
    if (part === undefined && segment.kind === "parameter" && segment.optional) continue;
    if (part === undefined || part === "") return undefined;
    if (segment.kind === "parameter") params[segment.name] = part;
    else if (segment.text.toLowerCase() !== part.toLowerCase()) return undefined;
  }
  return parts.length > segments.length ? undefined : params;
}

function splitPath(path: string): string[] {
  return path === "" ? [] : path.split("/");
}

function decodePart(part: string): string {
  return decodeURIComponent(part.replace(/%2f/gi, "%252F"));
}
