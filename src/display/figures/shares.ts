import {expectFields} from "../../errors.js";
import {sizes} from "../../data/choiceData.js";
import type {ChoiceFacts} from "../../data/choiceData.js";
import {shareBar} from "../bars.js";
import {oneLine} from "../escape.js";
import {drawings} from "../drawing.js";
import type {Drawing} from "../drawing.js";
import {figure} from "../figure.js";
import type {Figure} from "../figure.js";
import {count, percent} from "../format.js";
import {pad, shorten, width} from "../width.js";
import {figureWidth, margin, palette} from "./palette.js";

export interface SharesFacts {
  readonly situations: number;
  readonly rows: readonly {readonly alternative: string; readonly share: number; readonly offered: number}[];
}

/**
 * Which part of the choices each alternative won, and which part of the situations offered it (the open circle).
 *
 * @example
 * shares(data)
 */
export function shares(data: ChoiceFacts): Figure<SharesFacts> {
  expectFields("data/not-choices", "shares(data)", data, ["alternatives", "chosen", "situation"], "choices", "shares(fromLong(frame, {…}))");
  const {situations, rows, alternatives} = sizes(data);
  const won = new Float64Array(alternatives);
  const offered = new Float64Array(alternatives);
  for (let r = 0; r < rows; ++r) ++offered[data.alternative[r]];
  for (const row of data.chosen) ++won[data.alternative[row]];
  return figure("shares", {
    situations,
    rows: data.alternatives.map((alternative, j) => ({alternative, share: won[j] / situations, offered: offered[j] / situations}))
  });
}

drawings.set("shares", ({situations, rows}: SharesFacts): Drawing => {
  const choices = count(situations, "choice", "choices");
  const everywhere = rows.every(({offered}) => offered === 1);
  return {
    title: `Shares of ${choices}`,
    subtitle: everywhere ? "Every situation offered every alternative" : "Bar: part of the choices won. Open circle: part of the situations that offered it",
    description: `Shares of ${choices}: ${rows.map(({alternative, share}) => `${oneLine(alternative)} ${percent(share)}`).slice(0, 30).join(", ")}.`,
    text: text(rows),
    panels: (Plot) => [{
      width: figureWidth,
      height: rows.length * 26 + 50,
      marginLeft: margin(rows.map(({alternative}) => alternative)),
      marginRight: 56,
      marginBottom: 32,
      x: {label: null, domain: [0, everywhere ? Math.max(...rows.map(({share}) => share)) : 1], grid: true, ticks: 6, tickFormat: (x: number) => `${Math.round(100 * x)}%`},
      y: {type: "band", domain: rows.map(({alternative}) => alternative), label: null, tickFormat: (name: string) => shorten(oneLine(name), 34), tickSize: 0, padding: 0.25},
      marks: [
        Plot.barX(rows, {y: "alternative", x: "share", fill: palette[0]}),
        Plot.text(rows, {y: "alternative", x: "share", text: (d: SharesFacts["rows"][number]) => percent(d.share), dx: 6, textAnchor: "start"}),
        everywhere ? null : Plot.dot(rows, {y: "alternative", x: "offered", stroke: "#57606a", r: 4}),
        Plot.ruleX([0], {stroke: "#57606a"})
      ]
    }]
  };
});

function text(rows: SharesFacts["rows"]): string {
  const names = rows.map(({alternative}) => shorten(oneLine(alternative), 34));
  const room = Math.max(...names.map(width));
  const most = Math.max(...rows.map(({share}) => share));
  return rows.map(({share}, i) => `${pad(names[i], room, "left")}  ${pad(percent(share), 6, "right")}  ${shareBar(share, most, "").text}`).join("\n");
}
