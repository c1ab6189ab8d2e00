import type { ReadBody, ReadContext } from './read-body.js';

export type { ReadBody, ReadContext, Rejection } from './read-body.js';

export function readNativeBody(_body: Buffer, _mediaType: string, _context: ReadContext): ReadBody {
  return { records: [], rejected: [], letters: [] };
}
