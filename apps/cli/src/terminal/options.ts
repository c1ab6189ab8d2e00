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
