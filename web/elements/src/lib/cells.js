// What a cell of a table shows, means and weighs.

const SIGNIFICANT_DIGITS = 6;
// Rows that are looked at for the width and the kind of a column.
const SAMPLE_ROWS = 200;
const [LEAST_WIDTH, GREATEST_WIDTH] = [8, 40];

const words = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

// A value as text; numbers with six significant digits, since the whole one is in the cell's title.
export function shown(value) {
  if (value === null || value === undefined) return "";
  if (typeof value !== "number" || Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(SIGNIFICANT_DIGITS)));
}

// What a visitor typed: a number where it reads as one, nothing where it is blank.
export function typed(text) {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  if (trimmed === "true" || trimmed === "false") return trimmed === "true";
  const number = Number(trimmed);
  return Number.isFinite(number) && /^[+-]?(\d|\.\d)/.test(trimmed) && !/^0[xob]/i.test(trimmed) ? number : text;
}

// Rows of cells out of what spreadsheets put on the clipboard: tabs between cells, quotes around those with breaks.
export function paste(text) {
  const rows = [[]];
  const cell = /("(?:[^"]|"")*"|[^\t\r\n]*)(\t|\r?\n|$)/gy;
  for (let found = cell.exec(text); found; found = cell.exec(text)) {
    const [whole, raw, end] = found;
    const isQuoted = raw.startsWith('"') && raw.endsWith('"') && raw.length > 1;
    rows.at(-1).push(typed(isQuoted ? raw.slice(1, -1).replaceAll('""', '"') : raw));
    if (whole === "" || cell.lastIndex >= text.length) break;
    if (end !== "\t") rows.push([]);
  }
  return rows;
}

// The order of two cells, times `sign`; blank ones come last in either direction.
export function compare(a, b, sign) {
  const [isBlankA, isBlankB] = [a === null || a === undefined, b === null || b === undefined];
  if (isBlankA || isBlankB) return Number(isBlankA) - Number(isBlankB);
  if (typeof a === "number" && typeof b === "number") return sign * (a - b);
  return sign * words.compare(String(a), String(b));
}

export function numeral(data, column) {
  const cells = data.slice(0, SAMPLE_ROWS).map((row) => row[column]).filter((value) => value !== null && value !== undefined);
  return cells.length > 0 && cells.every((value) => typeof value === "number");
}

// The width of each column in characters. Fixed, since the rows in sight change under it.
export function widths(headers, data) {
  const sample = data.slice(0, SAMPLE_ROWS);
  return headers.map((header, column) => {
    const lengths = sample.map((row) => shown(row[column]).length);
    const longest = lengths.reduce((longest, length) => Math.max(longest, length), header.length + 2);
    return Math.max(LEAST_WIDTH, Math.min(longest + 2, GREATEST_WIDTH));
  });
}
