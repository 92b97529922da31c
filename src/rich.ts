/** The symbol a notebook asks a value for its display: Deno's convention, honoured by this library's kernel and runner. */
export const rich: unique symbol = Symbol.for("Jupyter.display") as never;

/** One value in several dress codes: the host takes the richest that it can show. Figures carry svg and png, tables html. */
export interface Bundle {
  readonly "text/plain": string;
  readonly "text/html"?: string;
  readonly "text/markdown"?: string;
  readonly "text/latex"?: string;
  readonly "image/svg+xml"?: string;
  readonly "image/png"?: string;
}

/** What every result can do: show itself in a notebook, and hand over its table for a paper. */
export interface Shown {
  /** @internal left out of the declarations that ship: completion in tslab's kernel breaks off at a key that is a symbol */
  [rich](): Bundle;
  toText(): string;
  toHTML(): string;
  toMarkdown(): string;
  toLaTeX(): string;
}

/**
 * How each kind of record is drawn. The rooms that make records know nothing of display; `display/` fills this table in,
 * so that data keeps flowing one way.
 */
export const renderers = new Map<string, (record: never) => Bundle>();

const prototypes = new Map<string, object>();

/**
 * Gives a record of a kind the power to show itself, without a field more: the methods sit on a prototype shared by the
 * kind, so that the record stays a plain list of its facts when it is spread, compared or written as JSON.
 */
export function shown<T extends object>(kind: string, record: T): Readonly<T> & Shown {
  let prototype = prototypes.get(kind);
  if (!prototype) {
    const draw = (value: unknown): Bundle => {
      const renderer = renderers.get(kind) as ((record: unknown) => Bundle) | undefined;
      return renderer ? renderer(value) : {"text/plain": `[${kind}]`};
    };
    const method = (value: unknown) => ({value, enumerable: false, configurable: true, writable: true});
    prototype = Object.create(Object.prototype, {
      [rich]: method(function (this: unknown) { return draw(this); }),
      [Symbol.for("nodejs.util.inspect.custom")]: method(function (this: unknown) { return draw(this)["text/plain"]; }),
      toString: method(function (this: unknown) { return draw(this)["text/plain"]; }),
      toText: method(function (this: unknown) { return draw(this)["text/plain"]; }),
      toHTML: method(function (this: unknown) { const b = draw(this); return b["text/html"] ?? b["image/svg+xml"] ?? b["text/plain"]; }),
      toMarkdown: method(function (this: unknown) { const b = draw(this); return b["text/markdown"] ?? `\`\`\`text\n${b["text/plain"]}\n\`\`\``; }),
      toLaTeX: method(function (this: unknown) { const b = draw(this); return b["text/latex"] ?? b["text/plain"]; })
    }) as object;
    prototypes.set(kind, prototype);
  }
  return Object.freeze(Object.assign(Object.create(prototype) as object, record)) as Readonly<T> & Shown;
}
