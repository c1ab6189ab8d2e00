/** Lines of JSONCompactEachRow as rows. */
export function parseRows<T extends readonly unknown[]>(text: string): T[] {
  const rows: T[] = [];
  for (let start = 0; start < text.length;) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    if (end > start) rows.push(JSON.parse(text.slice(start, end)) as T);
    start = end + 1;
  }
  return rows;
}
