import type { SourceName } from '@wary/model/sources.js';
import type { ReadBody, ReadContext } from './read-body.js';

export function readTextBody(_body: Buffer, _context: ReadContext & { readonly source: SourceName }): ReadBody {
  return { records: [], rejected: [], letters: [] };
}
