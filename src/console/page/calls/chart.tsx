import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useMedia } from "../shared/use-surroundings.ts";

/** Reads a colour that the style sheet gives: of text, of lines, of an element with a class. */
export type ColourOf = (className: string) => string;

interface ChartProps {
  /** What the picture shows, for whoever does not see it; its table stands beside it. */
  readonly label: string;
  readonly data: uPlot.AlignedData;
  /** Everything but the size. */
  readonly optionsOf: (colourOf: ColourOf) => Omit<uPlot.Options, "width" | "height">;
}

const HEIGHT = 180;

/** A chart as wide as its place, in the colours of the style sheet. Drawn anew when the data, the width or the scheme changes. */
export function Chart({ label, data, optionsOf }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const isDark = useMedia("(prefers-color-scheme: dark)");
  const drawn = JSON.stringify(data);

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // The options follow from the data.
  useEffect(() => {
    const element = place.current;
    if (element === null || width === 0) return;
    const options = optionsOf((className) => colourIn(element, className));
    const plot = new uPlot({ ...options, width, height: HEIGHT }, data, element);
    return () => plot.destroy();
  }, [drawn, width, isDark]);

  return <div class="chart" role="img" aria-label={label} ref={place} />;
}

/** A canvas knows no style sheet: an element that does is asked. */
function colourIn(place: HTMLElement, className: string): string {
  const probe = document.createElement("span");
  probe.className = className;
  place.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Stripes in a colour, so that what failed is told from the rest without colour too. */
export function stripes({ ctx }: uPlot, colour: string, ground: string): CanvasPattern | string {
  const tile = document.createElement("canvas");
  tile.width = 8;
  tile.height = 8;
  const drawing = tile.getContext("2d");
  if (drawing === null) return colour;
  // What is drawn below would show between them.
  drawing.fillStyle = ground;
  drawing.fillRect(0, 0, tile.width, tile.height);
  drawing.strokeStyle = colour;
  drawing.lineWidth = 3;
  for (const start of [-8, 0, 8]) {
    drawing.moveTo(start, 8);
    drawing.lineTo(start + 8, 0);
  }
  drawing.stroke();
  return ctx.createPattern(tile, "repeat") ?? colour;
}

/** Axes of whole numbers below and to the left, their values worded by the caller. */
export function axesOf(colourOf: ColourOf, wordOf: (value: number) => string): uPlot.Axis[] {
  const shared = { stroke: colourOf("chart-text"), font: "12px system-ui, sans-serif", ticks: { show: false } };
  const grid = { stroke: colourOf("chart-line"), width: 1 };
  return [
    { ...shared, grid: { show: false }, values: (_, splits) => splits.map(wordOf), space: 64, size: 28, incrs: WHOLE },
    { ...shared, grid, size: 40, incrs: WHOLE },
  ];
}

const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000];
