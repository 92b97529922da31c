import {readFileSync} from "node:fs";
import type {ChoiceData} from "../../src/data/choiceData.js";
import {fromLong} from "../../src/data/fromLong.js";

/** A file of test/reference. */
export const reference = (name: string) => JSON.parse(readFileSync(new URL(`../reference/${name}.json`, import.meta.url), "utf8"));

interface World {
  readonly N: number;
  readonly T: number;
  readonly J: number;
  readonly X: readonly number[]; // (N, T, J, 2)
  readonly y: readonly number[]; // (N, T), -1 where nothing was observed
  readonly available?: readonly number[]; // (N, T, J)
}

const worlds: Readonly<Record<string, World>> = reference("worlds");

/** Rows of a made-up data set: alternatives "0", "1", …; attributes price and quality. */
export function worldRows(name: string) {
  const {N, T, J, X, y, available} = worlds[name];
  const rows: {person: number; situation: number; alternative: string; chosen: number; price: number; quality: number}[] = [];
  for (let n = 0; n < N; ++n) for (let t = 0; t < T; ++t) for (let j = 0; j < J; ++j) {
    const at = n * T + t;
    if (y[at] < 0 || available?.[at * J + j] === 0) continue;
    rows.push({person: n, situation: at, alternative: String(j), chosen: Number(y[at] === j), price: X[(at * J + j) * 2], quality: X[(at * J + j) * 2 + 1]});
  }
  return rows;
}

export const roles = {person: "person", situation: "situation", alternative: "alternative", chosen: "chosen"} as const;

/** A made-up data set as a panel; in D2 alternative 0 is the outside option. */
export function world(name: string): ChoiceData {
  const J = worlds[name].J;
  return fromLong(worldRows(name), {...roles, alternatives: Array.from({length: J}, (_, j) => String(j)), ...(name === "D2" && {outside: "0"})});
}

/** The names that the reference files give parameters, in ours. */
export function ourName(name: string): string {
  const column = (text: string) => text.replace(/^asc(\d)$/, "intercept[$1]").replace(/^(price|quality)_(\d)$/, "$1[$2]").replace("alpha", "intercept");
  if (name === "sd_inter") return "sd[price]";
  if (name === "sd_intra") return "sd.within[price]";
  if (name === "chol_quality_price") return "chol[quality,price]";
  if (name.startsWith("chol_")) return `chol[${name.slice(5)},${name.slice(5)}]`;
  if (name.startsWith("sd_")) return `sd[${column(name.slice(3))}]`;
  return column(name);
}
