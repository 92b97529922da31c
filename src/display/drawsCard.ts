import type {DrawsFacts} from "../estimate/howManyDraws.js";
import type {Bundle} from "../rich.js";
import {cardBundle} from "./card.js";
import {brief} from "./format.js";
import {number} from "./table.js";

/** How many draws it takes, and what was measured to know it. */
export const drawsCard = ({draws, target, rate, rule, method, table}: DrawsFacts): Bundle => cardBundle([
  {tone: "heading", line: [`${draws} draws bring the estimates within ${brief(target)} standard errors of exact integrals`]},
  {tone: "status", line: [{label: rule}, method === "centred" ? ", centred" : "", `; the error falls like R^-${brief(rate, 2)}`]},
  {table: {
    caption: "Measured at the optimum",
    columns: [
      {head: "Draws", align: "right"},
      {head: "Error", title: "root mean square over estimates, in standard errors", align: "right"},
      {head: "Largest", title: "of one estimate, in standard errors", align: "right"},
      {head: "Log-likelihood ±", title: "standard error of the simulated log-likelihood", align: "right"}
    ],
    groups: [{title: "", rows: table.map(({draws: R, rms, max, logLikelihood}) => [number(String(R)), number(brief(rms)), number(brief(max)), number(brief(logLikelihood))])}]
  }}
]);
