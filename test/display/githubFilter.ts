// What a strict host leaves of HTML: the allow list of html-pipeline, which GitHub's viewers follow. Elements that are not on it give
// way to what they hold; scripts, style sheets and drawings go with all they hold; attributes that are not on the list go.
import {parsed} from "./html.js";

const elements = new Set((
  "h1 h2 h3 h4 h5 h6 h7 h8 br b i strong em a pre code img tt div ins del sup sub p picture ol ul table thead tbody tfoot blockquote dl dt dd kbd q samp var " +
  "hr ruby rt rp li tr td th s strike summary details caption figure figcaption abbr bdo cite dfn mark small source span time wbr"
).split(" "));
const attributes = new Set((
  "abbr accept accept-charset accesskey action align alt aria-describedby aria-hidden aria-label aria-labelledby axis border char charoff charset checked clear cols " +
  "colspan compact coords datetime dir disabled enctype for frame headers height hreflang hspace id ismap label lang maxlength media method multiple name nohref noshade " +
  "nowrap open progress prompt readonly rel rev role rows rowspan rules scope selected shape size span start summary tabindex title type usemap valign value width itemprop href src"
).split(" "));

/** The document that is left. */
export function githubFilter(html: string): Document {
  const document = parsed(html);
  for (const element of document.querySelectorAll("script, style, svg, math annotation")) element.remove();
  for (const element of [...document.body.querySelectorAll("*")]) {
    for (const {name} of [...element.attributes]) if (!attributes.has(name)) element.removeAttribute(name);
    if (!elements.has(element.localName)) element.replaceWith(...element.childNodes);
  }
  return document;
}
