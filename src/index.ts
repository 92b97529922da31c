// The public list, one line per module: read this first. `src/README.md` is the map.
import "./display/register.js"; // every result can draw itself

// data: tables to choices
export {fromLong, type LongOptions} from "./data/fromLong.js";
export {fromWide, type WideOptions} from "./data/fromWide.js";
export {datasets, type DataFrame, type Dataset, type Groups, type Series} from "./data/datasets.js";
export {summary, type Summary} from "./data/summary.js";
export {offers, offersOf, type OfferFacts, type OfferOptions, type Offers} from "./data/offers.js";
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

// entropy: programmes of maximum entropy, and the fits that pose them
export {fitMaxEnt, type MaxEntOptions} from "./entropy/fitMaxEnt.js";
export {fitMaxEntSupports, type MaxEntSupportsOptions} from "./entropy/fitMaxEntSupports.js";
export {solve, type SolveOptions} from "./entropy/solve.js";
export {solveNested} from "./entropy/nested.js";
export {solvePrimal, type PrimalSolution} from "./entropy/primal.js";
export {cells, probabilities} from "./entropy/cells.js";
export type {Entropies, MaxEntFacts, MaxEntFit, Moment, NoiseFacts} from "./entropy/maxEntFit.js";
export type {EntropyOptions, NoiseOptions} from "./entropy/options.js";
export type {Prior} from "./entropy/prior.js";
export type {Multipliers, Noise, Programme, Signal, Support} from "./entropy/programme.js";
export type {Cells, Certificate, DualStep, Solution} from "./entropy/solution.js";
export type {Total} from "./entropy/totals.js";

// entropy/mixing: mixed logit whose mixing distribution says no more than it was told
export {fitMaxEntMixedMoments, type MixedMomentsOptions} from "./entropy/mixing/fitMaxEntMixedMoments.js";
export {fitMaxEntMixed, type MixedStatisticsOptions} from "./entropy/mixing/fitMaxEntMixed.js";
export {fitMaxEntMixedWeights, type MixedWeightsOptions} from "./entropy/mixing/fitMaxEntMixedWeights.js";
export {tasteDraws, tasteGrid, type Axis, type BaseDensity, type BaseWeights, type Tastes, type TastesFacts} from "./entropy/mixing/tastes.js";
export {tasteElasticities, type TasteElasticities, type TasteElasticitiesFacts} from "./entropy/mixing/tasteElasticities.js";
export {alternativeBases} from "./entropy/mixing/bases.js";
export type {Sensitivity} from "./entropy/mixing/sensitivity.js";
export type {TasteShape} from "./entropy/mixing/statistics.js";
export {tasteMean} from "./entropy/mixing/tasteMean.js";
export {tastesByPerson, type PersonTastes, type PersonTastesFacts} from "./entropy/mixing/tastesByPerson.js";
export type {Identification, MixedMomentsFit, MixedStatisticsFit, MixedWeightsFit, MixingBasin, MixingFacts, MixingFit, MixingMoment} from "./entropy/mixing/types.js";

// pricing: a representative consumer, and the prices that suit
export {demand, inverseDemand, type Demand, type DemandFacts, type DemandRow} from "./pricing/demand.js";
export {optimalPrices, type Pricing, type PricingFacts, type PricingProblem, type PricingRow} from "./pricing/optimalPrices.js";
export {priceLadder, type LadderFacts, type LadderOptions, type LadderProblem, type LadderRow, type PriceLadder} from "./pricing/priceLadder.js";
export {fitPerturbations, type FittedCurve, type PerturbationFacts, type PerturbationFit, type PerturbationOptions} from "./pricing/fitPerturbations.js";
export type {Market} from "./pricing/market.js";
export type {Perturbation, PerturbationChoice} from "./pricing/perturbation.js";

// bundles: do goods go together
export {complementarity, type Complementarity, type ComplementarityFacts, type ComplementarityOptions, type PairFacts} from "./bundles/complementarity.js";
export {fitBundles, type BundleFacts, type BundleFit, type BundleOptions} from "./bundles/fitBundles.js";

// explain: what a fit says of behaviour, and what the data taught it
export {marginalEffects, type MarginalEffectsOptions} from "./explain/marginalEffects.js";
export {elasticities, type Aggregate, type ElasticitiesOptions} from "./explain/elasticities.js";
export {diversion, type DiversionOptions} from "./explain/diversion.js";
export {discreteChange, type DiscreteChangeOptions, type Values} from "./explain/discreteChange.js";
export {revenueEffect, type RevenueEffect, type RevenueEffectOptions, type RevenueRow} from "./explain/revenue.js";
export {totalEffect, type TotalEffect, type TotalEffectOptions} from "./explain/totalEffect.js";
export type {Each, EffectOptions, Effects, EffectsFacts, EffectTable} from "./explain/effects.js";
export type {Explained} from "./explain/substitution.js";
export {informationGain, type Gain, type GainOptions, type InformationGain, type InformationGainFacts, type Stage} from "./explain/informationGain.js";
export {entropyTable, type EntropyColumns, type EntropyTable, type EntropyTableFacts, type EntropyTableOptions} from "./explain/entropyTable.js";
export {entropyRatio, type EntropyRatio, type EntropyRatioFacts, type RatioForm} from "./explain/entropyRatio.js";
export {wald, type Wald, type WaldFacts, type WaldOptions} from "./explain/wald.js";
export {mutualInformation, type MutualInformation, type MutualInformationFacts, type MutualRow} from "./explain/mutualInformation.js";
export {decomposition, type AlternativePart, type Decomposition, type DecompositionFacts, type DecompositionRow} from "./explain/decomposition.js";
export type {InformationUnits} from "./explain/maxEntReading.js";
export type {Names} from "./explain/momentGroups.js";
export type {Worth} from "./explain/nestedProgrammes.js";

// infer: how sure
export {covariance, type Covariance, type ErrorKind} from "./infer/covariance.js";
export {estimates, type EstimateRow, type Estimates, type EstimatesOptions} from "./infer/estimates.js";
export type {Asymptotic} from "./infer/asymptotic.js";

// display: tables and figures
export {compare, type Comparison, type CompareOptions, type Statistic} from "./display/compare.js";
export type {Goodness} from "./display/goodness.js";
export type {TermMap} from "./display/terms.js";
export {coefficients} from "./display/figures/coefficients.js";
export {convergence} from "./display/figures/convergence.js";
export {shares} from "./display/figures/shares.js";
export {tasteDensities, type TasteDensity, type TasteDensitiesFacts, type TasteDensitiesOptions} from "./display/figures/tasteDensities.js";
export {fittedShares, type FittedShare, type FittedSharesFacts, type FittedSharesOptions} from "./display/figures/fittedShares.js";
export {effectiveDraws, type EffectiveDrawsFacts} from "./display/figures/effectiveDraws.js";
export {waterfall, type WaterfallFacts} from "./display/figures/waterfall.js";
export {decompositionBars, type DecompositionBarsFacts} from "./display/figures/decompositionBars.js";
export {noise, type NoiseFigureFacts} from "./display/figures/noise.js";
export {supports, type SupportsFacts, type SupportsOptions} from "./display/figures/supports.js";
export {mixingDistribution, type MixingDistributionFacts, type MixingDistributionOptions} from "./display/figures/mixingDistribution.js";
export {priceCurves, type PriceCurvesFacts, type PriceCurvesOptions} from "./display/figures/priceCurves.js";
export {perturbationCurves, type PerturbationCurvesFacts, type PerturbationCurvesOptions} from "./display/figures/perturbationCurves.js";
export {complementarityMatrix, type ComplementarityMatrixFacts, type ComplementarityMatrixOptions} from "./display/figures/complementarityMatrix.js";
export {rich, type Bundle, type Shown} from "./rich.js";

// notebook: showing values, under Deno's names; running and exporting notebooks is at maxent-logit/notebook
export {display, type DisplayOptions} from "./notebook/display.js";
export {html, md, svg, type Markup, type Tag} from "./notebook/markup.js";
export {image, type Image} from "./notebook/image.js";
export {lastResult, type LastResult} from "./display/live/lastResult.js";

// the cellar, where a user meets it
export {ChoiceError, type Place, type Trouble} from "./errors.js";
export {source, type Source, type Stream} from "./math/random.js";
export {version} from "./version.js";
