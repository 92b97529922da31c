// All that the module exports: `npm run kernels` compiles it into ../binary.ts.
export {fillTable} from "./exp";
export {configure, momentCount, scratchVectors, unit} from "./panel";
export {multinomial, multinomialScratch} from "./mnl";
