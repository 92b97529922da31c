/**
 * Words as part of a file's name on any system: small letters, digits and hyphens, nothing else, at most so many characters; empty
 * where nothing is left.
 */
export const slug = (text: string, most = 40): string =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, most).replace(/^-+|-+$/g, "");
