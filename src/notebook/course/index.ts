export {assign} from "./assign.js";
export {checker, type Check, type CheckOptions} from "./checker.js";
export type {Answer, Expectation, Kind, Mistake, Seal, SealedExpectation} from "./expectation.js";
export {grade, type Graded, type GradeOptions} from "./grade.js";
export {gradescope, type Results} from "./results.js";
export type {Score} from "./score.js";
export {opens, sealed} from "./seal.js";
