import type {Note} from "../data/choiceData.js";
import type {Line} from "./card.js";

/** Notes as lines: a warning has a sign and a bar beside it, a remark says so. */
export const noteLines = (notes: readonly Note[]): Line[] => notes.map(({level, text}): Line => (level === "warning" ? {tone: "warning", line: ["⚠ ", {label: text}]} : {tone: "foot", line: ["Note: ", {label: text}]}));
