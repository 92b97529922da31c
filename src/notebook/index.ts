export {exportHtml, type PageOptions} from "./exportHtml.js";
export {format} from "./format.js";
export {readNotebook, type Cell, type MimeData, type Notebook, type Output} from "./ipynb.js";
export {outputPath, runNotebook, writeRun, type Failure, type Run, type RunOptions, type Written} from "./run.js";
export {ensureSelfLink} from "./selfLink.js";
