import {ChoiceError, listed, quote} from "../errors.js";

/** A table as named columns: a column holds numbers throughout, or text throughout. */
export type Columns = Record<string, (number | string)[]>;

/**
 * Reads comma-separated text: one header line, then lines with as many fields each (RFC 4180).
 *
 * Quoted fields may hold commas, line ends and doubled quotes. LF and CRLF both end a line, the last line may go without,
 * and a byte order mark is skipped. A column becomes numbers when each of its fields is a number that a double holds
 * faithfully; otherwise it stays text as written, so an empty field, "007" or a 20-digit identifier loses nothing.
 *
 * @param text The whole file.
 * @returns The columns by name, in the order of the header.
 * @throws {ChoiceError} data/csv-header, data/csv-ragged or data/csv-quote, with the row counted from 0 after the header
 * @example
 * readCsv("mode,cost\nair,70\ncar,30\n") // {mode: ["air", "car"], cost: [70, 30]}
 */
export function readCsv(text: string): Columns {
  const [header = [], ...rows] = records(text);
  const repeated = header.find((name, i) => header.indexOf(name) < i);
  if (!header.length || header.includes("") || repeated !== undefined) {
    throw new ChoiceError("data/csv-header", {
      at: "readCsv(text)",
      saw: repeated ? `the name ${quote(repeated)} twice in the header` : header.length ? "a column without a name in the header" : "no text",
      want: "one name for each column",
      hint: "name the columns in the first line of the file",
      ...(repeated && {column: repeated})
    });
  }
  const ragged = rows.flatMap((row, i) => (row.length === header.length ? [] : [i]));
  if (ragged.length) {
    const [row] = ragged;
    const [has, wants] = [rows[row].length, header.length];
    throw new ChoiceError(
      "data/csv-ragged",
      {
        at: "readCsv(text)",
        saw: `${has} ${has === 1 ? "field" : "fields"} in row ${row}${ragged.length > 1 ? `, and a wrong number in rows ${listed(ragged.slice(1))} too` : ""}`,
        want: `${wants}, one for each column of the header`,
        hint: "delete blank lines, and quote fields that hold a comma",
        row
      },
      ragged.map((row) => ({row}))
    );
  }
  return Object.fromEntries(header.map((name, k) => [name, typed(rows.map((row) => row[k]))]));
}

// The number syntax of JSON leaves out "", "007", "1e", " 1", "0x1" and "Infinity".
const numeric = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

const faithful = (field: string) => {
  if (!numeric.test(field)) return false;
  const value = Number(field);
  return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
};

const typed = (fields: string[]): (number | string)[] => (fields.every(faithful) ? fields.map(Number) : fields);

// Fields of each line. One pass with a sticky pattern: a field, and what ends it.
function records(text: string): string[][] {
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  const lines: string[][] = [];
  let line: string[] = [];
  field.lastIndex = text.startsWith("\ufeff") ? 1 : 0;
  while (field.lastIndex < text.length || line.length) {
    const match = field.exec(text);
    if (!match) {
      throw new ChoiceError("data/csv-quote", {
        at: "readCsv(text)",
        saw: `a stray quote or carriage return in field ${line.length} of ${lines.length ? `row ${lines.length - 1}` : "the header"}`,
        want: "quotes around the whole field, and doubled inside",
        hint: 'write "5"" pipe" for 5" pipe',
        ...(lines.length && {row: lines.length - 1})
      });
    }
    const [, quoted, plain, end] = match;
    line.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end !== ",") {
      lines.push(line);
      line = [];
    }
  }
  return lines;
}
