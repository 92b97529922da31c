import {JSDOM} from "jsdom";

// Those of the last line are read as raw text: what they hold would be read differently a second time.
const unwanted =
  "script, iframe, frame, frameset, object, embed, applet, link, meta, base, form, template, noscript, portal, " +
  "animate, set, animateTransform, animateMotion, " +
  "plaintext, xmp, noembed, noframes";
const fetching = new Set(["src", "srcset", "poster", "data", "background", "action", "formaction", "ping", "manifest", "imagesrcset"]);

const presenting = /^(fill|stroke|filter|mask|clip-path|cursor|marker(-start|-mid|-end)?)$/;

let page: Document | undefined;

/**
 * HTML that runs nothing and fetches nothing: scripts, frames, forms and event handlers go, pictures stay when they are
 * inside the page (`data:`), links stay when they lead to a page or a place in this one, and style sheets lose what they
 * would load. It is read by a real parser, so that it means the same to a browser.
 *
 * Some markup reads differently once it has been written out again, and could so bring back what was taken out: it is
 * cleaned until it stays the same, and markup that never does is left out.
 */
export function sanitize(html: string): string {
  let before = html;
  for (let i = 0; i < mostReadings; ++i) {
    const clean = cleaned(before);
    if (clean === before) return clean;
    before = clean;
  }
  return "<p>[HTML left out: it reads differently each time]</p>";
}

const mostReadings = 6;

function cleaned(html: string): string {
  page ??= new JSDOM("").window.document;
  const body = page.implementation.createHTMLDocument("").body;
  body.innerHTML = html;
  for (const element of body.querySelectorAll(unwanted)) element.remove();
  for (const element of body.querySelectorAll("*")) {
    for (const {name, value} of [...element.attributes]) {
      const plain = name.toLowerCase().replace(/^.*:/, "");
      const target = value.replace(/[\u0000-\u0020\u00a0]/g, "").toLowerCase();
      if (plain.startsWith("on") || plain === "srcdoc") element.removeAttribute(name);
      else if (fetching.has(plain) && !isPicture(target)) element.removeAttribute(name);
      else if (plain === "href" && !mayReferTo(element, target)) element.removeAttribute(name);
      else if (presenting.test(plain)) element.setAttribute(name, withoutLoads(value, places));
      else if (plain === "style") element.setAttribute(name, withoutLoads(value, loadsOf(element)));
    }
    // What is cut out of a sheet could join its surroundings to the sheet's end (`</sty` and `le>`); `<\/` ends none.
    if (element.localName === "style") element.textContent = withoutLoads(element.textContent ?? "", loadsOf(element)).replace(/<(?=[/!])/g, "<\\");
    // A parser drops the first line end in these: one more keeps what is written the same at the next reading.
    if (/^(pre|listing|textarea)$/.test(element.localName) && element.firstChild?.nodeValue?.startsWith("\n")) element.prepend("\n");
    if (element.localName === "a" && /^https?:/i.test(element.getAttribute("href") ?? "")) element.setAttribute("rel", "noreferrer");
  }
  return body.innerHTML;
}

/**
 * A drawing as a file of its own: one `<svg>` that runs nothing and fetches nothing, also when it is opened by itself.
 *
 * @returns undefined where it is none, or no well-formed XML
 */
export function drawingFile(svg: string): string | undefined {
  page ??= new JSDOM("").window.document;
  const {DOMParser, XMLSerializer} = page.defaultView ?? new JSDOM("").window;
  const body = page.implementation.createHTMLDocument("").body;
  body.innerHTML = sanitize(svg);
  const root = body.querySelector("svg");
  if (!root || root.parentElement !== body) return undefined;
  for (const element of root.querySelectorAll("*")) {
    // A name with a prefix is one word to a reader of HTML, and could be any element to one of XML: `<svg:script>`.
    if (element.localName === "foreignObject" || element.localName.includes(":")) element.remove();
  }
  root.removeAttribute("xmlns"); // the serializer writes it
  const text = new XMLSerializer().serializeToString(root);
  return new DOMParser().parseFromString(text, "image/svg+xml").querySelector("parsererror") ? undefined : text;
}

/** HTML without style sheets, drawings and what only they need: what a strict host leaves of it, in a form that says all the same. */
export function withoutDress(html: string): string {
  page ??= new JSDOM("").window.document;
  const body = page.implementation.createHTMLDocument("").body;
  body.innerHTML = html;
  for (const element of body.querySelectorAll("style, svg, script")) element.remove();
  for (const element of body.querySelectorAll("*")) for (const name of ["class", "style"]) element.removeAttribute(name);
  return body.innerHTML.trim();
}

/** Links of pages, places in this one, and pixels: a drawing inside a drawing would be a document of its own. */
const mayReferTo = ({localName}: Element, target: string): boolean =>
  localName === "a" ? isLink(target) : target.startsWith("#") || (/^(image|feimage)$/i.test(localName) && isPixels(target));

const isPixels = (target: string): boolean => /^data:image\/(png|jpeg|gif|webp|avif)[;,]/.test(target);
const isPicture = (target: string): boolean => /^data:image\/(png|jpeg|gif|webp|avif|svg\+xml)[;,]/.test(target);
const isLink = (target: string): boolean => /^(https?:|mailto:|#)/.test(target) || !/^[a-z][a-z0-9+.-]*:/.test(target);

// What an address in a style sheet may begin with. Drawings get no drawings: a filter or a mask would read them as documents.
const places = "#";
const loadsOf = ({namespaceURI}: Element): string => (/svg$/.test(namespaceURI ?? "") ? "#|data:(?:image\\/(?:png|jpeg|gif|webp|avif)|font\\/)" : "#|data:(?:image|font)\\/");

// A sheet that hides such a word by escapes is dropped. An address without an end ends with its sheet.
function withoutLoads(css: string, allowed: string): string {
  const read = css.replace(/\\([\da-f]{1,6})\s?/gi, (_, hex: string) => String.fromCodePoint(Math.min(Number.parseInt(hex, 16), 0x10ffff))).replace(/\\/g, "");
  if ((read.match(loading) ?? []).length > (css.match(loading) ?? []).length) return "";
  return css
    .replace(/@import[^;]*;?/gi, "")
    .replace(/image-set\s*\(/gi, "none(")
    .replace(new RegExp(`url\\s*\\([ \\t\\r\\n\\f]*(?![ \\t\\r\\n\\f]|["']?(?:${allowed}))[^)]*(?:\\)|$)`, "gi"), "none");
}

const loading = /@import|image-set|url\s*\(/gi;
