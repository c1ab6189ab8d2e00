import type { Outcome } from '@wary/model/event.js';

const METHOD_ACTIONS: { readonly [method: string]: string } = {
  GET: 'read', HEAD: 'read', OPTIONS: 'read', PROPFIND: 'read', REPORT: 'read', SEARCH: 'read', QUERY: 'read', TRACE: 'read',
  POST: 'write', PUT: 'write', PATCH: 'write', PROPPATCH: 'write', MKCOL: 'write', MOVE: 'write', LOCK: 'write', UNLOCK: 'write',
  DELETE: 'delete', COPY: 'copy', CONNECT: 'connect',
};
export const isHttpMethod = (method: string): boolean => Object.hasOwn(METHOD_ACTIONS, method);

/** Endings of files that are taken away rather than looked at. */
const DOWNLOAD_ENDINGS = new Set(['7z', 'avro', 'backup', 'bak', 'bz2', 'csv', 'dmp', 'doc', 'docx', 'dump', 'gz', 'iso', 'jsonl', 'mdb', 'ndjson', 'npz', 'onnx', 'orc', 'parquet', 'pdf', 'pkl', 'ppt', 'pptx', 'pst', 'pt', 'rar', 'safetensors', 'sql', 'sqlite', 'tar', 'tgz', 'tsv', 'xls', 'xlsx', 'xz', 'zip', 'zst']);
const EXPORT_SEGMENT = /(?:^|[/_-])(export|download)s?(?:[/_.-]|$)/i;

/** What a request does: by its method; reading a file that is taken away, or a path that says so, is a download or an export. */
export function actionOfRequest(method: string, path: string): string {
  const action = Object.hasOwn(METHOD_ACTIONS, method) ? METHOD_ACTIONS[method]! : 'request';
  if (action !== 'read' || path.length < 4) return action;
  const dot = path.lastIndexOf('.');
  if (dot > path.lastIndexOf('/') && DOWNLOAD_ENDINGS.has(path.slice(dot + 1).toLowerCase())) return 'download';
  const word = EXPORT_SEGMENT.exec(path)?.[1];
  return word === undefined ? 'read' : word.toLowerCase();
}

/** 401, 403 and 407 are refusals, other 4xx the caller's failures, 5xx errors of the server (RFC 9110, 15). */
export function outcomeOfStatus(status: number): Outcome {
  if (status === 401 || status === 403 || status === 407) return 'denied';
  if (status >= 500) return 'error';
  return status >= 400 ? 'failure' : 'success';
}
