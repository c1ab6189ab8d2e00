/** What a spreadsheet takes for the start of a formula (OWASP "CSV Injection"; ASVS 5.0, 1.2.10), after any apostrophes of ours. */
const FORMULA = /^'*[=+\-@\t\r\n\0]/;
const NEUTRALISED = /^'+[=+\-@\t\r\n\0]/;

/** A text for a CSV cell: an apostrophe before what would be a formula, quotes where they are needed. `readCell` gives back exactly what went in. */
export function writeCell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The text of a cell whose quotes are gone already. */
export const readCell = (cell: string): string => (NEUTRALISED.test(cell) ? cell.slice(1) : cell);
