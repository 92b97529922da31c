import type {MaxEntFit} from "../../entropy/maxEntFit.js";
import type {MixingFit} from "../../entropy/mixing/types.js";
import type {Fit} from "../../estimate/types.js";
import {latest} from "../../live.js";

/** What a fit may have given. */
export type LastResult = Fit | MaxEntFit | MixingFit;

/**
 * The result of the last fit that ended in a notebook, whether or not anything was done with it: stock tslab forgets the
 * variables of a cell that was interrupted, and with them the fit that ended at its best so far.
 *
 * @returns undefined when no fit has ended yet, and outside notebooks
 * @example
 * await fitMnl(data);
 * lastResult() // undefined: this example runs in no notebook
 */
export const lastResult = (): LastResult | undefined => latest() as LastResult | undefined;
