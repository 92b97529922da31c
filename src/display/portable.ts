import {studio} from "./studio.js";
import type {Element} from "./studio.js";
import {wrap} from "./width.js";

const space = "http://www.w3.org/2000/svg";
export const fontList = '"DejaVu Sans", Verdana, Arial, sans-serif';
const ink = "#1f2328";

export interface Frame {
  readonly title: string;
  readonly subtitle?: string;
  /** What the figure shows, for those who cannot see it. */
  readonly description: string;
}

/**
 * Panels, one under another, as one SVG that looks the same wherever it goes: opaque ground, named fonts, no style sheet
 * and no inherited colour, since many hosts draw it as a foreign image that no theme reaches.
 */
export function portable(panels: readonly Element[], {title, subtitle, description}: Frame): string {
  const {document, serialize} = studio();
  const element = (name: string, attributes: Readonly<Record<string, string | number>>, ...children: Element[]): Element => {
    const made = document.createElementNS(space, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
    made.append(...children);
    return made;
  };
  const wide = Math.max(...panels.map((panel) => Number(panel.getAttribute("width"))));
  const text = (line: string, y: number, attributes: Readonly<Record<string, string | number>>): Element => {
    const made = element("text", {x: 12, y, fill: ink, ...attributes});
    made.textContent = line;
    return made;
  };

  let y = 10;
  const parts: Element[] = [];
  for (const line of wrap(title, Math.floor(wide / 9))) parts.push(text(line, (y += 16), {"font-size": 14, "font-weight": "bold"}));
  for (const line of subtitle ? wrap(subtitle, Math.floor(wide / 7)) : []) parts.push(text(line, (y += 16), {"font-size": 11.5, fill: "#57606a"}));
  y += 8;
  for (const panel of panels) {
    plainly(panel);
    panel.setAttribute("x", "0");
    panel.setAttribute("y", String(y));
    parts.push(panel);
    y += Number(panel.getAttribute("height"));
  }
  const root = element(
    "svg",
    {width: wide, height: y, viewBox: `0 0 ${wide} ${y}`, role: "img", "aria-label": description, "font-family": fontList, "font-size": 11},
    element("rect", {width: wide, height: y, fill: "#ffffff"}),
    ...parts
  );
  return serialize(root);
}

/** Where hundredths of a pixel are enough. */
const geometry = /^(d|points|transform|[xyr][12]?|c[xy]|width|height)$/;

// Takes out what would make a drawing depend on its surroundings.
function plainly(element: Element): void {
  for (const child of [...element.children]) child.localName === "style" ? child.remove() : plainly(child);
  element.removeAttribute("class");
  for (const {name, value} of [...element.attributes]) {
    if (geometry.test(name) && /\.\d{3}/.test(value)) element.setAttribute(name, value.replace(/\d+\.\d{3,}(?:e[-+]?\d+)?/g, (x) => Number(x).toFixed(2)));
    if (name === "font-family") element.removeAttribute(name);
    else if (value === "currentColor") element.setAttribute(name, ink);
  }
}
