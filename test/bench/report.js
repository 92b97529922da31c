// RESULTS.md from the results of all sections: nothing is measured here.

/** @param sections results by name, in the order to show them */
export function report(sections) {
  const all = Object.entries(sections);
  const targets = all.flatMap(([, {targets}]) => targets);
  return `${[
    "# Results of the benchmarks",
    "Written by `npm run bench`. [README.md](README.md) says how times are taken and how to run them again.",
    ...(all.some(([, {quick}]) => quick) ? ["**A quick run, at sizes too small to mean anything: it shows that the benchmarks run.**"] : []),
    machines(all),
    "## Targets",
    table({head: ["work", "target", "figure", ""], rows: targets.map(({what, want, got, met}) => [what, want, got ?? "not measured", met === undefined ? "" : met ? "reached" : "**missed**"])}),
    ...all.flatMap(([name, {title, words, tables}]) => [`## ${title}`, `Section \`${name}\`.`, ...words, ...tables.map(table)])
  ].join("\n\n")}\n`;
}

/** Where and with what: once if it was the same for all, else for each section. */
function machines(all) {
  const said = all.map(([name, {machine, versions, load, measured}]) => ({name, place: `${machine.cpu}${machine.family ? ` (${machine.family})` : ""}, ${machine.threads} threads, ${machine.memory} of memory, ${machine.system}`, versions: Object.entries(versions).map(([what, which]) => `${what} ${which}`).join(", "), load, measured}));
  return table({head: ["section", "measured", "load before", "machine", "versions"], rows: said.map(({name, place, versions, load, measured}, k) => [name, measured, String(load), k && place === said[k - 1].place ? "same" : place, k && versions === said[k - 1].versions ? "same" : versions])});
}

function table({head, rows}) {
  const line = (cells) => `| ${cells.map((cell) => String(cell ?? "").replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${head.map((_, k) => (k ? "---:|" : "---|")).join("")}`, ...rows.map(line)].join("\n");
}
