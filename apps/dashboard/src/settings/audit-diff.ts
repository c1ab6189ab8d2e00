export interface FieldChange { readonly field: string; readonly before: string; readonly after: string }

const CHARS_MAX = 500;
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function shown(value: unknown): string {
  if (value === undefined || value === null) return '–';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > CHARS_MAX ? `${text.slice(0, CHARS_MAX)}…` : text;
}

/** What is different between before and after, field by field; the fields that stayed are left out. */
export function auditDiff(before: unknown, after: unknown): FieldChange[] {
  if (!isRecord(before) && !isRecord(after)) return [{ field: 'value', before: shown(before), after: shown(after) }];
  const left = isRecord(before) ? before : {};
  const right = isRecord(after) ? after : {};
  return [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .map((field) => ({ field, before: shown(left[field]), after: shown(right[field]) }))
    .filter((change) => change.before !== change.after);
}
