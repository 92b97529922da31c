/** Teaches every kind of record to show itself, and fits to be watched. Imported for this effect by the public index. */
import "./registerMarkets.js";
import type {ChoiceData} from "../data/choiceData.js";
import {summary} from "../data/summary.js";
import type {SummaryFacts} from "../data/summary.js";
import type {OfferFacts} from "../data/offers.js";
import type {MaxEntFacts} from "../entropy/maxEntFit.js";
import type {DrawsFacts} from "../estimate/howManyDraws.js";
import type {FitFacts} from "../estimate/types.js";
import type {DecompositionFacts} from "../explain/decomposition.js";
import type {EffectsFacts} from "../explain/effects.js";
import type {EntropyRatioFacts} from "../explain/entropyRatio.js";
import type {EntropyTableFacts} from "../explain/entropyTable.js";
import type {InformationGainFacts} from "../explain/informationGain.js";
import type {MutualInformationFacts} from "../explain/mutualInformation.js";
import type {RevenueEffectFacts} from "../explain/revenue.js";
import type {TotalEffectFacts} from "../explain/totalEffect.js";
import type {WaldFacts} from "../explain/wald.js";
import type {EstimatesFacts} from "../infer/estimates.js";
import {ChoiceError} from "../errors.js";
import {watcher} from "../live.js";
import {renderers, rich} from "../rich.js";
import type {ComparisonFacts} from "./compare.js";
import {comparisonBundle} from "./comparisonTable.js";
import {dataCard} from "./dataCard.js";
import {decompositionCard} from "./decompositionCard.js";
import {figureBundle} from "./drawing.js";
import {drawsCard} from "./drawsCard.js";
import {effectsCard} from "./effectsCard.js";
import {entropyCard} from "./entropyCard.js";
import {errorCard} from "./errorCard.js";
import {estimatesBundle} from "./estimatesTable.js";
import type {FigureFacts} from "./figure.js";
import {fitCard} from "./fitCard.js";
import {gainCard} from "./gainCard.js";
import {openWatch} from "./live/watch.js";
import {maxEntCard} from "./maxEntCard.js";
import {mutualInformationCard} from "./mutualInformationCard.js";
import {offersCard} from "./offersCard.js";
import {revenueCard} from "./revenueCard.js";
import {entropyRatioCard, waldCard} from "./testCard.js";
import {totalEffectCard} from "./totalEffectCard.js";

watcher.open = (subject) => openWatch(subject);

renderers.set("fit", (fit: FitFacts) => fitCard(fit));
renderers.set("choices", (data: ChoiceData) => dataCard(summary(data), data.notes));
renderers.set("summary", (facts: SummaryFacts) => dataCard(facts));
renderers.set("comparison", (comparison: ComparisonFacts) => comparisonBundle(comparison));
renderers.set("estimates", (estimates: EstimatesFacts) => estimatesBundle(estimates));
renderers.set("figure", (figure: FigureFacts) => figureBundle(figure));
renderers.set("draws", (facts: DrawsFacts) => drawsCard(facts));

// maximum entropy, and what fits say of the world
renderers.set("offers", (offers: OfferFacts) => offersCard(offers));
renderers.set("maxent", (fit: MaxEntFacts) => maxEntCard(fit));
renderers.set("informationGain", (gain: InformationGainFacts) => gainCard(gain));
renderers.set("entropyTable", (facts: EntropyTableFacts) => entropyCard(facts));
renderers.set("mutualInformation", (facts: MutualInformationFacts) => mutualInformationCard(facts));
renderers.set("entropyRatio", (facts: EntropyRatioFacts) => entropyRatioCard(facts));
renderers.set("wald", (facts: WaldFacts) => waldCard(facts));
renderers.set("decomposition", (facts: DecompositionFacts) => decompositionCard(facts));
renderers.set("effects", (facts: EffectsFacts) => effectsCard(facts));
renderers.set("revenueEffect", (facts: RevenueEffectFacts) => revenueCard(facts));
renderers.set("totalEffect", (facts: TotalEffectFacts) => totalEffectCard(facts));

// An error that was caught is a value like any other: as a cell's last it shows itself as a card.
Object.defineProperty(ChoiceError.prototype, rich, {value(this: ChoiceError) { return errorCard(this); }, configurable: true, writable: true});
