/** The YAML 1.2 core schema (chapter 10.3.2) for a plain scalar; an integer beyond 2^53 stays exact as a bigint. */
export function plainScalar(text: string): string | number | bigint | boolean | null {
  switch (text) {
    case '': case '~': case 'null': case 'Null': case 'NULL': return null;
    case 'true': case 'True': case 'TRUE': return true;
    case 'false': case 'False': case 'FALSE': return false;
  }
  const first = text.charCodeAt(0);
  // Digits, sign and dot are the only beginnings of a number.
  if (!((first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46)) return text;
  if (/^[-+]?[0-9]+$/.test(text)) return integer(text);
  if (/^0o[0-7]+$/.test(text) || /^0x[0-9a-fA-F]+$/.test(text)) return integer(text);
  if (/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/.test(text)) return Number(text);
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^\.(?:nan|NaN|NAN)$/.test(text)) return Number.NaN;
  return text;
}

function integer(text: string): number | bigint {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  const digits = text.replace(/^[-+]/, '');
  return text.startsWith('-') ? -BigInt(digits) : BigInt(digits);
}
