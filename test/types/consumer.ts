// What a notebook author writes, compiled against the packed declarations by the compiler that tslab brings.
import {compare, convergence, fitMixed, fitMnl, fromLong, halton, simulate, type ChoiceData, type Fit} from "maxent-logit";
import "maxent-logit/auto";
import {display, html, runNotebook} from "maxent-logit/notebook";

type IsAny<T> = 0 extends 1 & T ? true : false;
const no = <T>(_: IsAny<T> extends true ? "any leaked" : T): void => undefined;

const data: ChoiceData = fromLong([{trip: 1, mode: "car", cost: 3, took: 1}], {chosen: "took", alternative: "mode", situation: "trip"});
no<typeof data.x>(data.x);

export async function cell(): Promise<void> {
  const fit: Fit = await fitMixed(data, {attributes: ["cost"], random: {cost: "-lognormal"}, covariance: "full", rule: halton(100), hold: {cost: 0}});
  const errors: (number | null)[] = fit.estimates.rows.map((row) => row.error);
  no<typeof errors>(errors);
  no<typeof fit.theta>(fit.theta);
  no<typeof fit.hessian>(fit.hessian);
  const entry: number = fit.hessian.get(0, 0);
  no<typeof fit.ending.words>(fit.ending.words);
  no<typeof entry>(entry);
  const svg: string | undefined = convergence(fit)[Symbol.for("Jupyter.display") as never];
  compare([fit, await fitMnl(data)]).toLaTeX().length satisfies number;
  simulate({tier: "mixedDynamic"}, {people: 10, situations: 2, seed: 1}).truth["price"] satisfies number;
  no<ReturnType<typeof runNotebook>>(runNotebook as never);
  void svg;
  await fitMixed(data, {progress: true});
  await fitMixed(data, {progress: ({logLikelihood}) => no<typeof logLikelihood>(logLikelihood)});
  await display(html`<b>${entry}</b>`, {displayId: "here", update: true});

  // Calls that must not compile: completion and errors in a cell come from these types.
  // @ts-expect-error a number is no table
  fromLong(7, {chosen: "took", alternative: "mode"});
  // @ts-expect-error the column of choices is required
  fromLong([{trip: 1}], {alternative: "mode"});
  // @ts-expect-error no such option
  await fitMnl(data, {atributes: ["cost"]});
  // @ts-expect-error no such distribution
  await fitMixed(data, {random: {cost: "lognorml"}});
  // @ts-expect-error no such covariance
  await fitMixed(data, {covariance: "ful"});
  // @ts-expect-error no such rule
  await fitMixed(data, {rule: "haltom"});
  // @ts-expect-error the tier is in the name
  await fitMnl(data, {tier: "mixed"});
  // @ts-expect-error a fit is readonly
  fit.logLikelihood = 0;
  // @ts-expect-error how sure is a known list
  await fitMnl(data, {errors: "bootstap"});
}
