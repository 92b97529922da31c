import assert from "node:assert/strict";
import test from "node:test";
import {numbers, readBook} from "./book.js";

test("the quickstart runs from data to report, the same bits twice", async () => {
  const {cells, shown, of, page} = await readBook("quickstart.ipynb");
  const all = cells.map(shown).join("\n");
  assert.match(all, /-4958\.65/); // multinomial logit, as in test/reference (agreed by three packages)
  assert.equal(all.match(/✗/g), null, "no fit failed to converge");
  const [multinomial, mixed, full] = (of("cell-15").match(/Log-likelihood.*/g) ?? []).flatMap((row) => numbers(row, "Log-likelihood"));
  assert.ok(mixed - multinomial > 1000 && full - mixed > 150 && full - mixed < 250, "as the text says");
  assert.match(page, /href="ladder\.ipynb"/);
});
