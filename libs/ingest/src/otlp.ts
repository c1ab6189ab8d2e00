import type { ReadBody, ReadContext } from './read-body.js';

const nothing = (): ReadBody => ({ records: [], rejected: [], letters: [] });
export function readOtlpTraces(_body: Buffer, _mediaType: string, _context: ReadContext): ReadBody { return nothing(); }
export function readOtlpLogs(_body: Buffer, _mediaType: string, _context: ReadContext): ReadBody { return nothing(); }
export function countOtlpMetrics(_body: Buffer, _mediaType: string): number { return 0; }
export function otlpResponse(_mediaType: string, _kind: 'traces' | 'logs' | 'metrics', _rejected: number, _message: string): { contentType: string; body: Buffer } {
  return { contentType: 'application/json', body: Buffer.from('{}') };
}
