import {compiledPanelKernel} from "./compiled.js";
import {compiled} from "./module.js";
import {panelKernel, type Choices, type Coefficients, type Engine, type PanelKernel} from "./panel.js";

/**
 * The compiled kernel where WebAssembly runs, else the readable one.
 *
 * @param engine "typescript" asks for the readable one
 */
export function choose(choices: Choices, coefficients: Coefficients, engine: Engine = "wasm"): PanelKernel {
  const module = engine === "wasm" ? compiled() : undefined;
  return module ? compiledPanelKernel(module, choices, coefficients) : panelKernel(choices, coefficients);
}
