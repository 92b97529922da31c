/** Teaches every kind of record to show itself. Imported for this effect by the public index. */
import type {ChoiceData} from "../data/choiceData.js";
import {summary} from "../data/summary.js";
import type {SummaryFacts} from "../data/summary.js";
import type {DrawsFacts} from "../estimate/howManyDraws.js";
import type {FitFacts} from "../estimate/types.js";
import type {EstimatesFacts} from "../infer/estimates.js";
import {renderers} from "../rich.js";
import type {ComparisonFacts} from "./compare.js";
import {comparisonBundle} from "./comparisonTable.js";
import {dataCard} from "./dataCard.js";
import {estimatesBundle} from "./estimatesTable.js";
import {figureBundle} from "./drawing.js";
import type {FigureFacts} from "./figure.js";
import {drawsCard} from "./drawsCard.js";
import {fitCard} from "./fitCard.js";

renderers.set("fit", (fit: FitFacts) => fitCard(fit));
renderers.set("choices", (data: ChoiceData) => dataCard(summary(data), data.notes));
renderers.set("summary", (facts: SummaryFacts) => dataCard(facts));
renderers.set("comparison", (comparison: ComparisonFacts) => comparisonBundle(comparison));
renderers.set("estimates", (estimates: EstimatesFacts) => estimatesBundle(estimates));
renderers.set("figure", (figure: FigureFacts) => figureBundle(figure));
renderers.set("draws", (facts: DrawsFacts) => drawsCard(facts));
