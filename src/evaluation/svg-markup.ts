// SVG as strings, escaped by construction: a plain string among the children is text, never markup.

/** A piece of finished markup. */
export type SvgMarkup = { readonly markup: string };

/** Values of an element's attributes; undefined leaves one out. */
export type SvgAttributes = Record<string, string | number | undefined>;

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

// One picture serves light and dark pages: it has its own ground, and changes with the reader's setting where the viewer
// knows of one.
const STYLE = `
.ground { fill: #ffffff; stroke: #e3e7ee; }
.ink { fill: #1f2733; }
.muted { fill: #5d6778; }
.grid { stroke: #e3e7ee; }
.axis { stroke: #aab3c2; }
.tile { fill: #f3f5f9; }
@media (prefers-color-scheme: dark) {
  .ground { fill: #151b26; stroke: #2a3344; }
  .ink { fill: #e6eaf2; }
  .muted { fill: #9aa6b8; }
  .grid { stroke: #2a3344; }
  .axis { stroke: #566278; }
  .tile { fill: #1d2533; }
}
`;

/**
 * An element with its attributes and children.
 *
 * @param name Of the element, such as `rect`.
 * @param attributes By name, escaped; numbers are rounded to a hundredth.
 * @param children Markup as it is; strings as escaped text.
 */
export function svgElement(
  name: string,
  attributes: SvgAttributes = {},
  ...children: (SvgMarkup | string)[]
): SvgMarkup {
  const opening = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(formatValue(value!))}"`)
    .join("");
  const inner = children
    .map((child) => (typeof child === "string" ? escapeXml(child) : child.markup))
    .join("");
  return { markup: inner === "" ? `<${name}${opening}/>` : `<${name}${opening}>${inner}</${name}>` };
}

/**
 * A whole SVG file: a rounded ground, the style classes `ink`, `muted` (text), `grid`, `axis` (lines), `tile` (cells),
 * and a description for screen readers.
 *
 * @param options.width In pixels, as `height`.
 * @param options.description What the picture shows, in a sentence.
 * @param children What is drawn on the ground, from back to front.
 */
export function svgDocument(
  options: { width: number; height: number; description: string },
  ...children: SvgMarkup[]
): string {
  const { width, height, description } = options;
  const ground = { x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 10, class: "ground" };
  const { markup } = svgElement(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "font-family": FONT,
    },
    svgElement("title", {}, description),
    svgElement("style", {}, STYLE),
    svgElement("rect", ground),
    ...children,
  );
  return `${markup}\n`;
}

/**
 * A line of text.
 *
 * @param options.x Of the anchor, in pixels; `y` is of the base line.
 * @param options.size In pixels. Default: 12.
 * @param options.anchor Which part of the line is at `x`. Default: `start`.
 * @param options.tone Default: `ink`.
 */
export function svgText(
  text: string,
  options: {
    x: number;
    y: number;
    size?: number;
    anchor?: "start" | "middle" | "end";
    tone?: "ink" | "muted";
    weight?: number;
    transform?: string;
    fill?: string;
  },
): SvgMarkup {
  const { x, y, size = 12, anchor, tone = "ink", weight, transform, fill } = options;
  const style = fill === undefined ? { class: tone } : { fill };
  return svgElement(
    "text",
    { x, y, "font-size": size, "text-anchor": anchor, "font-weight": weight, transform, ...style },
    text,
  );
}

function formatValue(value: string | number): string {
  return typeof value === "number" ? String(Math.round(value * 100) / 100) : value;
}

/** XML 1.0 holds no control characters but tab, line feed and carriage return, and no lone surrogates. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\P{Cc}\t\n\r]|[\p{Cs}\uFFFE\uFFFF]/gu, "\uFFFD")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
