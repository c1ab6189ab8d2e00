import { InvalidArgumentError } from 'commander';

/** Parsers for commander: a wrong value is named and refused before anything is done. */
export const wholeNumber = (low: number, high: number) => (text: string): number => {
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || value < low || value > high) throw new InvalidArgumentError(`a whole number from ${low} to ${high} is needed.`);
  return value;
};

export const decimal = (low: number, high: number) => (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < low || value > high) throw new InvalidArgumentError(`a number from ${low} to ${high} is needed.`);
  return value;
};

export const day = (text: string): number => {
  const value = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(value)) throw new InvalidArgumentError('a day as YYYY-MM-DD is needed.');
  return value;
};

/** Milliseconds of `500ms`, `30s`, `10m`, `1h` or `7d`. */
export const duration = (text: string): number => {
  const parts = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text);
  if (parts === null) throw new InvalidArgumentError('a number with ms, s, m, h or d is needed.');
  return Number(parts[1]) * { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[parts[2] as 's'];
};

/** Epoch milliseconds of an ISO 8601 time; one without a zone is UTC. */
export const instant = (text: string): number => {
  const value = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(text) ? Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(text) || !text.includes('T') ? text : `${text}Z`) : Number.NaN;
  if (Number.isNaN(value)) throw new InvalidArgumentError('a time as 2026-11-24T09:00:00Z is needed.');
  return value;
};
