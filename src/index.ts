// The public list, one line per module: read this first. `src/README.md` is the map.
import "./display/register.js"; // every result can draw itself

// data: tables to choices
export {fromLong, type LongOptions} from "./data/fromLong.js";
export {fromWide, type WideOptions} from "./data/fromWide.js";
export {datasets, type DataFrame, type Dataset, type Groups, type Series} from "./data/datasets.js";
export {summary, type Summary} from "./data/summary.js";
export type {ChoiceData, ChoiceFacts, Id, Note} from "./data/choiceData.js";
export type {Table} from "./data/frame.js";

// model: a tier and a data set to a design
export {tiers, type Reach, type Tier, type TierName} from "./model/tiers.js";
export type {Distribution, Family, Specification, Term} from "./model/specification.js";
export type {Column, Design} from "./model/design.js";
export type {Parameter, Role} from "./model/parameters.js";

// integrate: rules to nodes
export {gaussHermite} from "./integrate/gaussHermite.js";
export {halton} from "./integrate/halton.js";
export {mlhs} from "./integrate/mlhs.js";
export {monteCarlo} from "./integrate/monteCarlo.js";
export {sobol} from "./integrate/sobol.js";
export {trapezoid} from "./integrate/trapezoid.js";
export type {NodeRequest, Nodes, Rule} from "./integrate/rule.js";
export type {RuleName} from "./integrate/shorthand.js";

// simulate: worlds whose truth is known
export {simulate, type World, type WorldOptions} from "./simulate/simulate.js";

// estimate: seven names for one fit
export {fit} from "./estimate/fit.js";
export {fitMixed, fitMixedDynamic, fitMixedIntercepts, fitMixedSlopes, fitMnl, fitMnlIntercepts, fitMnlSlopes, type TierOptions} from "./estimate/tiers.js";
export type {FitOptions, Integration, OptimizerName} from "./estimate/options.js";
export {howManyDraws, type Draws, type DrawsFacts, type DrawsOptions, type DrawsRow} from "./estimate/howManyDraws.js";
export type {Basin} from "./estimate/passes/basins.js";
export type {SimulationError} from "./estimate/passes/certify.js";
export type {Engine} from "./kernels/panel.js";
export type {ComputingFacts, Fit, FitFacts, IntegrationFacts, SimulationFacts} from "./estimate/types.js";
export type {Ending, EndingCode, Step} from "./optimize/ending.js";

// infer: how sure
export {covariance, type Covariance, type ErrorKind} from "./infer/covariance.js";
export {estimates, type EstimateRow, type Estimates, type EstimatesOptions} from "./infer/estimates.js";
export type {Asymptotic} from "./infer/asymptotic.js";

// display: tables and figures
export {compare, type Comparison, type CompareOptions} from "./display/compare.js";
export {coefficients} from "./display/figures/coefficients.js";
export {convergence} from "./display/figures/convergence.js";
export {shares} from "./display/figures/shares.js";
export {rich, type Bundle, type Shown} from "./rich.js";

// the cellar, where a user meets it
export {ChoiceError, type Place, type Trouble} from "./errors.js";
export {source, type Source, type Stream} from "./math/random.js";
export {version} from "./version.js";
