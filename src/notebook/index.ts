import "../display/register.js"; // every result can draw itself

export {display, type DisplayOptions} from "./display.js";
export {html, md, svg, type Markup, type Tag} from "./markup.js";
export {image, type Image} from "./image.js";
export {rich as $display} from "../rich.js";
export {lastResult, type LastResult} from "../display/live/lastResult.js";
export {exportHtml, type PageOptions} from "./exportHtml.js";
export {format} from "./format.js";
export {readNotebook, type Cell, type MimeData, type Notebook, type Output} from "./ipynb.js";
export {outputPath, runNotebook, writeRun, type Failure, type Run, type RunOptions, type Written} from "./run.js";
export {ensureSelfLink} from "./selfLink.js";
