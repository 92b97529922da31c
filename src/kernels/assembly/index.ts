// All that the module exports: `npm run kernels` compiles it into ../binary.ts.
export {fillTable} from "./exp";
export {configure, momentCount, placed, scratchVectors, unit, units} from "./panel";
export {multinomial, multinomialScratch} from "./mnl";
export {dual, dualPlaces, dualScratch} from "./dual";
