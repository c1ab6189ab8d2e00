/** A refusal of the API: RFC 9457 problem with its stable code. `status` 0 means that the network failed. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly allowed: readonly string[] = [],
    readonly retryAfterSeconds = 0,
    /** Of a sign-in whose second step waits. */
    readonly challenge: string | null = null,
  ) {
    super(message);
  }
}

interface Problem { title?: string; detail?: string; code?: string; allowed?: unknown; challenge?: unknown; details?: { allowed?: unknown }; errors?: Array<{ path?: string; message?: string; line?: number }> }

const ERRORS_SHOWN = 8;

/** 401 too, but of somebody who is signed in and mistyped the password or the code that a change asks for. */
const WRONG_SECRET: ReadonlySet<string> = new Set(['bad_credentials', 'bad_second_factor']);

let onSessionLost: () => void = () => {};
/** Called on every 401 of a request that needs a session. */
export function setSessionLostHandler(handler: () => void): void {
  onSessionLost = handler;
}

async function toError(response: Response): Promise<ApiError> {
  let problem: Problem = {};
  try {
    problem = (await response.json()) as Problem;
  } catch {
    // Not a problem document (a proxy's page, for example): the status has to speak.
  }
  const allowed = problem.allowed ?? problem.details?.allowed;
  const fields = (problem.errors ?? []).slice(0, ERRORS_SHOWN).map((error) => [error.line === undefined ? '' : `line ${error.line}`, error.path, error.message].filter(Boolean).join(': ')).join('; ');
  const message = [problem.detail ?? problem.title ?? `The server answered ${response.status}`, fields].filter(Boolean).join(': ');
  return new ApiError(response.status, problem.code ?? `http_${response.status}`, message, Array.isArray(allowed) ? allowed.map(String) : [], Number(response.headers.get('retry-after') ?? 0) || 0, typeof problem.challenge === 'string' ? problem.challenge : null);
}

interface SendOptions { readonly body?: unknown; /** A file as it is, instead of `body`. */ readonly raw?: { readonly text: string; readonly mediaType: string }; readonly version?: number; readonly anonymous?: boolean; readonly signal?: AbortSignal }

async function request(method: string, path: string, options: SendOptions): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' };
  const body = options.raw ? options.raw.text : options.body === undefined ? null : JSON.stringify(options.body);
  if (body !== null) headers['content-type'] = options.raw?.mediaType ?? 'application/json';
  if (options.version !== undefined) headers['if-match'] = `"${options.version}"`;
  let response: Response;
  try {
    response = await fetch(path, { method, headers, body, credentials: 'same-origin', signal: options.signal ?? null });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new ApiError(0, 'offline', 'The server cannot be reached. Check the connection; nothing was changed.');
  }
  if (response.ok) return response;
  const error = await toError(response);
  if (error.status === 401 && !WRONG_SECRET.has(error.code) && !options.anonymous) onSessionLost();
  throw error;
}

export type Query = Readonly<Record<string, string | number | boolean | undefined | null>>;

export function withQuery(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined && value !== null && value !== '') params.set(key, String(value));
  const text = params.toString();
  return text === '' ? path : `${path}?${text}`;
}

export async function getJson<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return (await (await request('GET', withQuery(path, query), signal ? { signal } : {})).json()) as T;
}

/** Changes something. `version` becomes If-Match, so that nobody's change is overwritten unseen. */
export async function sendJson<T>(method: 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, body?: unknown, options: { version?: number; anonymous?: boolean; raw?: { text: string; mediaType: string } } = {}): Promise<T> {
  const response = await request(method, path, { body, ...options });
  const text = await response.text();
  return (text === '' ? null : JSON.parse(text)) as T;
}
