import type { Event } from '@wary/model/event.js';
import type { Json, JsonObject } from '@wary/model/json.js';
import { actionOfOperation } from '../api-verbs.js';
import { actionOfRequest, outcomeOfStatus } from '../http-activity.js';
import { amountOf, textOf } from '../values.js';

const CLIENT = 3;

/** Names of the stable conventions first, those of before 1.20 (http), 1.26 (db) and 1.37 (rpc) behind. */
const first = (attributes: JsonObject, ...names: readonly string[]): Json | undefined => {
  for (const name of names) if (attributes[name] !== undefined && attributes[name] !== null) return attributes[name];
  return undefined;
};
const text = (attributes: JsonObject, ...names: readonly string[]): string => textOf(first(attributes, ...names));
const methodOf = (attributes: JsonObject): string => text(attributes, 'http.request.method', 'http.method').toUpperCase();

export type AccessMap = (event: Event, attributes: JsonObject, spanKind: number, service: string) => void;

/** How a span that is no call to a model is read: database, then RPC (which runs over HTTP), then HTTP; null when it is no access. */
export function accessMapOf(attributes: JsonObject): AccessMap | null {
  if (text(attributes, 'db.system.name', 'db.system') !== '') return mapDatabase;
  if (text(attributes, 'rpc.system.name', 'rpc.system') !== '') return mapRpc;
  return methodOf(attributes) === '' ? null : mapHttp;
}

function mapHttp(event: Event, attributes: JsonObject, spanKind: number, service: string): void {
  const method = methodOf(attributes);
  const url = text(attributes, 'url.full', 'http.url');
  const path = pathOf(text(attributes, 'url.path') || text(attributes, 'http.target') || url) || text(attributes, 'http.route') || '/';
  const host = text(attributes, 'server.address', 'net.host.name', 'net.peer.name', 'http.host') || hostOf(url);
  event.resource.id = `${host || service}${path}`;
  event.resource.type = 'url';
  const action = actionOfRequest(method, path);
  // What a client posts leaves the house.
  event.action = spanKind === CLIENT && action === 'write' ? 'send' : action;
  const status = amountOf(first(attributes, 'http.response.status_code', 'http.status_code'));
  if (status !== null) event.outcome = outcomeOfStatus(status);
  const size = action === 'write' ? first(attributes, 'http.request.body.size', 'http.request_content_length') : first(attributes, 'http.response.body.size', 'http.response_content_length');
  event.bytes = amountOf(size);
}

const pathOf = (target: string): string => {
  const from = target.indexOf('://');
  const path = from < 0 ? target : target.slice(target.indexOf('/', from + 3) < 0 ? target.length : target.indexOf('/', from + 3));
  const end = path.search(/[?#]/);
  return end < 0 ? path : path.slice(0, end);
};
const hostOf = (url: string): string => /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@?#]*@)?([^/:?#]+)/i.exec(url)?.[1] ?? '';

const STATEMENT_ACTIONS: ReadonlyMap<string, string> = new Map(Object.entries({
  read: ['select', 'show', 'explain', 'describe', 'with', 'find', 'findone', 'aggregate', 'count', 'distinct', 'get', 'mget', 'hget', 'hgetall', 'hmget', 'lrange', 'smembers', 'zrange', 'scan', 'keys', 'exists', 'query', 'search', 'fetch', 'table', 'values'],
  write: ['insert', 'update', 'upsert', 'merge', 'replace', 'create', 'alter', 'set', 'mset', 'hset', 'lpush', 'rpush', 'sadd', 'zadd', 'incr', 'expire', 'index', 'bulk', 'findandmodify', 'insertmany', 'updatemany', 'insertone', 'updateone', 'rename', 'put'],
  delete: ['delete', 'drop', 'truncate', 'del', 'unlink', 'flushall', 'flushdb', 'deletemany', 'deleteone', 'remove'],
  export: ['copy', 'unload', 'export', 'backup'],
  grant: ['grant'], revoke: ['revoke'], connect: ['connect', 'auth', 'ping', 'hello'],
}).flatMap(([action, words]) => words.map((word) => [word, action] as const)));

function mapDatabase(event: Event, attributes: JsonObject): void {
  const statement = text(attributes, 'db.query.text', 'db.statement');
  const operation = text(attributes, 'db.operation.name', 'db.operation') || /^\s*(\w+)/.exec(statement)?.[1] || text(attributes, 'db.query.summary').split(' ', 1)[0]!;
  const word = operation.toLowerCase();
  event.action = STATEMENT_ACTIONS.get(word) ?? (actionOfOperation(operation) || 'execute');
  const table = text(attributes, 'db.collection.name', 'db.sql.table', 'db.mongodb.collection', 'db.cassandra.table') || (/\b(?:from|into|update|table|join)\s+(?:only\s+)?["'`[]?([\w.$-]{1,128})/i.exec(statement.slice(0, 2_000))?.[1] ?? '');
  const namespace = text(attributes, 'db.namespace', 'db.name', 'db.redis.database_index') || text(attributes, 'server.address', 'net.peer.name');
  const system = text(attributes, 'db.system.name', 'db.system');
  event.resource.id = [namespace || system, table].filter((part) => part !== '').join('.');
  event.resource.type = table === '' ? 'database' : 'table';
  event.rows = amountOf(first(attributes, 'db.response.returned_rows', 'db.sql.rows', 'db.rows_affected'));
  if (first(attributes, 'db.response.status_code') !== undefined && event.outcome === 'success' && first(attributes, 'error.type') !== undefined) event.outcome = 'error';
}

/** gRPC codes (grpc/grpc, doc/statuscodes.md): the caller's failures, and refusals; every other one that is not 0 is an error. */
const GRPC_FAILURES = new Set([1, 3, 5, 6, 9, 11]);
const GRPC_DENIED = new Set([7, 16]);
const GRPC_NAMES = ['OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS', 'PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE', 'UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED'];

function mapRpc(event: Event, attributes: JsonObject): void {
  const method = text(attributes, 'rpc.method');
  const service = text(attributes, 'rpc.service') || (method.includes('/') ? method.slice(0, method.lastIndexOf('/')) : '');
  event.action = actionOfOperation(method) || 'call';
  event.resource.id = service || text(attributes, 'server.address', 'net.peer.name');
  event.resource.type = 'application';
  const status = first(attributes, 'rpc.grpc.status_code', 'rpc.response.status_code');
  const code = typeof status === 'string' && !/^\d+$/.test(status) ? GRPC_NAMES.indexOf(status) : amountOf(status) ?? 0;
  if (code > 0) event.outcome = GRPC_DENIED.has(code) ? 'denied' : GRPC_FAILURES.has(code) ? 'failure' : 'error';
}
