import { useEffect, useState } from "preact/hooks";

export const VIEWS = ["lines", "week", "quarter", "try", "calls", "rows", "import", "problems"] as const;
export type View = (typeof VIEWS)[number];

/** Where in the page: a view and what it shows, as the address holds it behind `#`. */
export interface Route {
  readonly view: View;
  readonly params: Params;
}

/** `line`, `caller`, `day`, `table`, …: a value that is absent or empty is left out of the address. */
export type Params = Readonly<Record<string, string | undefined>>;

/** The address of a view: `#/week?line=…&caller=…`. */
export function linkTo(view: View, params: Params = {}): string {
  const given = Object.entries(params).filter((each): each is [string, string] => Boolean(each[1]));
  return given.length === 0 ? `#/${view}` : `#/${view}?${new URLSearchParams(given)}`;
}

/** Goes to a view. @param how `replace`: Back leads past the present one, as for a filter that is being typed */
export function goTo(view: View, params: Params, how: "push" | "replace" = "push"): void {
  if (how === "push") location.hash = linkTo(view, params);
  else location.replace(linkTo(view, params));
}

/** The present route; an address that leads nowhere leads to the lines. */
export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const onChange = () => setHash(location.hash);
    addEventListener("hashchange", onChange);
    return () => removeEventListener("hashchange", onChange);
  }, []);
  return parseRoute(hash);
}

function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const view = VIEWS.find((each) => each === path) ?? "lines";
  return { view, params: Object.fromEntries(new URLSearchParams(query)) };
}
