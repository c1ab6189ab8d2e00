import { eachElement, eachField, JsonWalkError, skipSpace, skipValue } from './json-walk.js';
import { guardRequest } from './otlp-guard.js';

const JSON_NAMES = {
  traces: { resources: ['resourceSpans', 'resource_spans'], scopes: ['scopeSpans', 'scope_spans'], records: ['spans', 'spans'] },
  logs: { resources: ['resourceLogs', 'resource_logs'], scopes: ['scopeLogs', 'scope_logs'], records: ['logRecords', 'log_records'] },
  metrics: { resources: ['resourceMetrics', 'resource_metrics'], scopes: ['scopeMetrics', 'scope_metrics'], records: ['metrics', 'metrics'] },
} as const;

export interface JsonVisitor { group(from: number, to: number): void; scope(from: number, to: number): void; record(from: number, to: number): void }

/** Goes over the records of a request in JSON, each byte once. Resource and scope are visited before what stands in them, wherever they are written. */
export function walkJson(body: Buffer, signal: keyof typeof JSON_NAMES, visitor: JsonVisitor): void {
  const names = JSON_NAMES[signal];
  const record = (from: number): number => {
    const to = skipValue(body, from, body.length);
    visitor.record(from, to);
    return to;
  };
  const scope = (from: number): number => visitParts(body, from, 'scope', names.records, visitor.scope.bind(visitor), record);
  const group = (from: number): number => visitParts(body, from, 'resource', names.scopes, visitor.group.bind(visitor), scope);
  guardRequest(() => {
    const start = skipSpace(body, 0, body.length);
    const end = eachField(body, start, body.length, (key, from) => (isOneOf(names.resources, key) ? eachElement(body, from, body.length, group) : skipValue(body, from, body.length)));
    if (skipSpace(body, end, body.length) !== body.length) throw new JsonWalkError(end);
  });
}

/** What stands before its head is kept until the head was found; senders write the head first. */
function visitParts(body: Buffer, from: number, headName: string, listNames: readonly string[], head: (from: number, to: number) => void, item: (from: number) => number): number {
  let headSeen = false;
  const waiting: number[] = [];
  const end = eachField(body, from, body.length, (key, valueFrom) => {
    const isList = isOneOf(listNames, key) && body[valueFrom] === 0x5b;
    if (isList && headSeen) return eachElement(body, valueFrom, body.length, item);
    const valueTo = skipValue(body, valueFrom, body.length);
    if (isList) waiting.push(valueFrom);
    else if (key === headName && body[valueFrom] === 0x7b && !headSeen) {
      headSeen = true;
      head(valueFrom, valueTo);
    }
    return valueTo;
  });
  if (!headSeen) head(0, 0);
  for (const list of waiting) eachElement(body, list, body.length, item);
  return end;
}

const isOneOf = (names: readonly string[], key: string): boolean => names.includes(key);
