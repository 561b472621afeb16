import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** Colours that differ in lightness too, for those who cannot tell hues apart. */
export const COLOURS = ["#c2410c", "#0369a1", "#15803d", "#581c87"] as const;
const PAPER = "#ffffff";
const INK = "#1f2937";
const WIDTH = 760;
const HEAD = { lineHeight: 20, padding: 12 } as const;

export interface Drawing {
  readonly title: string;
  /** One line below the title: what to keep in mind. */
  readonly note: string;
  /** What each colour means. */
  readonly legend: readonly { readonly label: string; readonly colour: string }[];
  readonly height: number;
  readonly options: Plot.PlotOptions;
}

/**
 * An SVG that stands alone: with its own background, so that it reads on a dark page too, its title and its legend. Plot
 * itself would put these into HTML around it.
 */
export function drawSvg({ title, note, legend, height, options }: Drawing): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const plot: unknown = Plot.plot({
    document,
    width: WIDTH,
    height,
    style: { color: INK, fontSize: "12px" },
    ...options,
  });
  const headHeight = HEAD.padding + 3 * HEAD.lineHeight;
  const total = headHeight + height;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${total}" viewBox="0 0 ${WIDTH} ${total}" role="img" font-family="system-ui, sans-serif" font-size="12" fill="${INK}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${total}" fill="${PAPER}"/>`,
    `<text x="${HEAD.padding}" y="${HEAD.padding + 12}" font-size="16" font-weight="600">${escaped(title)}</text>`,
    `<text x="${HEAD.padding}" y="${HEAD.padding + 12 + HEAD.lineHeight}">${escaped(note)}</text>`,
    ...keys(legend, HEAD.padding + 12 + 2 * HEAD.lineHeight),
    `<g transform="translate(0,${headHeight})">${withoutStyle(plot)}</g>`,
    "</svg>\n",
  ].join("\n");
}

function keys(legend: Drawing["legend"], y: number): string[] {
  const step = 150;
  return legend.map(({ label, colour }, place) => {
    const x = HEAD.padding + place * step;
    return `<rect x="${x}" y="${y - 10}" width="12" height="12" fill="${colour}"/><text x="${x + 18}" y="${y}">${escaped(label)}</text>`;
  });
}

/** The plot as text. Its own style sheet is for pages of HTML. */
function withoutStyle(plot: unknown): string {
  if (typeof plot !== "object" || plot === null || !("outerHTML" in plot)) throw new TypeError("Plot drew nothing");
  return String(plot.outerHTML).replace(/<style>.*?<\/style>/s, "");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
