import { parseEntityKey } from '@wary/model/entity.js';
import { API_LIMITS } from '@wary/model/limits.js';
import { z } from 'zod';

/** Pieces of list queries. Times are epoch milliseconds or ISO 8601; lists are comma-separated. */
export const limitSchema = z.coerce.number().int().min(1).max(API_LIMITS.pageItemsMax).default(50);
export const cursorSchema = z.string().max(2_000).optional();
export const textSchema = z.string().trim().min(1).max(500).optional();

export const timeSchema = z.string().max(40).transform((text, context) => {
  // Date.parse by itself makes a day of nearly anything, of -1 too.
  const time = /^\d{1,15}$/.test(text) ? Number(text) : /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(time)) return time;
  context.addIssue({ code: 'custom', message: 'must be epoch milliseconds or an ISO 8601 time' });
  return z.NEVER;
}).optional();

export const entitySchema = z.string().max(1_100).transform((text, context) => {
  const entity = parseEntityKey(text);
  if (entity !== null) return entity;
  context.addIssue({ code: 'custom', message: 'must be type:id, as in user:alice' });
  return z.NEVER;
}).optional();

export const listOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.string().max(500).transform((text) => text.split(',').map((part) => part.trim()).filter((part) => part !== '')).pipe(z.array(z.enum(values)).max(values.length)).optional();

export const booleanSchema = z.enum(['true', 'false']).transform((text) => text === 'true').optional();
export const idsSchema = z.string().max(60_000).transform((text) => text.split(',').filter((id) => id !== '')).pipe(z.array(z.string().max(512)).max(API_LIMITS.pageItemsMax)).optional();
