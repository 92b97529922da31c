import {findHost} from "../display/hosts/find.js";
import {ChoiceError, checkOptions, quote} from "../errors.js";
import {format} from "./format.js";
import type {MimeData} from "./ipynb.js";

export interface DisplayOptions {
  /** Names the place where the value is shown, so that it can be shown anew. */
  readonly displayId?: string;
  /** Shows the value in the place of that name, instead of what was there. */
  readonly update?: boolean;
  readonly metadata?: MimeData;
}

/**
 * Shows a value in the notebook, as its cell's last value would be shown: results of this library, danfojs data frames,
 * ml-matrix matrices, Plot's elements, PNG bytes, anything else as text. In plain Node its text is printed.
 *
 * @throws {ChoiceError} display/no-id for an update of no place
 * @example
 * await display(fit.estimates);
 * await display("working …", {displayId: "here"});
 * await display("done", {displayId: "here", update: true});
 */
export async function display(value: unknown, options: DisplayOptions = {}): Promise<void> {
  checkOptions("display(value, …)", options, ["displayId", "update", "metadata"]);
  if (options.update && options.displayId === undefined) {
    throw new ChoiceError("display/no-id", {at: "display(value, …)", saw: `update: ${quote(options.update)} without a displayId`, want: "the name of the place to show it in", hint: 'display(value, {displayId: "here", update: true})'});
  }
  const bundle = await format(value);
  const host = findHost();
  if (host) host.show(bundle, options);
  else console.log(bundle["text/plain"]);
}
