export const PII_TYPES = ['email', 'card', 'iban', 'ssn', 'phone', 'ip'] as const;
export type PiiType = (typeof PII_TYPES)[number];

/** What was found in a text: UTF-16 offsets, end exclusive. `secret` decides the form of the mask and where it is counted. */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** One of PII_TYPES, or the name of a secret rule such as `aws_access_key`. */
  readonly type: string;
  readonly secret: boolean;
}

/** The text that stands for a span: type, and for a card the last four digits. Never any part of a secret. */
export function maskOf(text: string, span: Span): string {
  if (span.secret) return `[secret:${span.type}]`;
  if (span.type !== 'card') return `[${span.type}]`;
  return `[card ••${text.slice(span.start, span.end).normalize('NFKC').replace(/\D/g, '').slice(-4)}]`;
}

/** A mask of ours, so that protecting twice changes nothing. */
const MASK = /\[(?:email|iban|ssn|phone|ip|card ••\d{4}|secret:[a-z][a-z0-9_]{1,30})\]/y;

/** End of the mask that starts here, or 0. */
export function maskEnd(text: string, start: number): number {
  MASK.lastIndex = start;
  return MASK.test(text) ? MASK.lastIndex : 0;
}
