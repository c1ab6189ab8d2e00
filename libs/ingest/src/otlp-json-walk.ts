import { eachElement, eachField, JsonWalkError, skipSpace } from './json-walk.js';
import { guardRequest } from './otlp-guard.js';

const JSON_NAMES = {
  traces: { resources: ['resourceSpans', 'resource_spans'], scopes: ['scopeSpans', 'scope_spans'], records: ['spans', 'spans'] },
  logs: { resources: ['resourceLogs', 'resource_logs'], scopes: ['scopeLogs', 'scope_logs'], records: ['logRecords', 'log_records'] },
  metrics: { resources: ['resourceMetrics', 'resource_metrics'], scopes: ['scopeMetrics', 'scope_metrics'], records: ['metrics', 'metrics'] },
} as const;

export interface JsonVisitor { group(from: number, to: number): void; scope(from: number, to: number): void; record(from: number, to: number): void }

/** Goes over the records of a request in JSON. Resource and scope are visited before what stands in them, wherever they are written. */
export function walkJson(body: Buffer, signal: keyof typeof JSON_NAMES, visitor: JsonVisitor): void {
  const names = JSON_NAMES[signal];
  guardRequest(() => {
    const start = skipSpace(body, 0, body.length);
    const end = eachField(body, start, body.length, (key, from, to) => {
      if (!isOneOf(names.resources, key)) return;
      eachElement(body, from, to, (from1, to1) => {
        visitParts(body, from1, to1, 'resource', names.scopes, visitor.group.bind(visitor), (from2, to2) => {
          visitParts(body, from2, to2, 'scope', names.records, visitor.scope.bind(visitor), visitor.record.bind(visitor));
        });
      });
    });
    if (skipSpace(body, end, body.length) !== body.length) throw new JsonWalkError(end);
  });
}

function visitParts(body: Buffer, from: number, to: number, headName: string, listNames: readonly string[], head: (from: number, to: number) => void, item: (from: number, to: number) => void): void {
  let headFrom = 0;
  let headTo = 0;
  const lists: number[] = [];
  eachField(body, from, to, (key, valueFrom, valueTo) => {
    if (key === headName && body[valueFrom] === 0x7b) [headFrom, headTo] = [valueFrom, valueTo];
    else if (isOneOf(listNames, key) && body[valueFrom] === 0x5b) lists.push(valueFrom, valueTo);
  });
  head(headFrom, headTo);
  for (let i = 0; i < lists.length; i += 2) eachElement(body, lists[i]!, lists[i + 1]!, item);
}

const isOneOf = (names: readonly string[], key: string): boolean => names.includes(key);
