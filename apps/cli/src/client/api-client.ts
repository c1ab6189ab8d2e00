import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '../terminal/cli-error.js';

export interface ApiSettings { readonly url: string; readonly key: string }
export interface ApiRequest {
  readonly method?: string; readonly path: string; readonly body?: Uint8Array | string; readonly headers?: Readonly<Record<string, string>>;
  /** Statuses that the caller takes; every other one is an error. */
  readonly accept?: readonly number[];
  /** How long 429, 503 and lost connections are tried again. */
  readonly patienceMs?: number;
  /** Ends the waiting between tries; a request that is under way is finished. */
  readonly signal?: AbortSignal;
}
export interface ApiAnswer { readonly status: number; readonly body: string; readonly headers: Headers }

const WAIT_MS_MAX = 60_000;
const REQUEST_MS_MAX = 120_000;

/** Calls the service. Waits as long as `Retry-After` says; a problem document becomes its one line. */
export class ApiClient {
  private reached = false;

  constructor(private readonly settings: ApiSettings, private readonly onWait: (reason: string, ms: number) => void = () => {}) {}

  async call(request: ApiRequest): Promise<ApiAnswer> {
    const deadline = Date.now() + (request.patienceMs ?? 0);
    for (let attempt = 0; ; attempt += 1) {
      let waitMs: number;
      let reason: string;
      try {
        const answer = await this.once(request);
        this.reached = true;
        if (answer.status !== 429 && answer.status !== 503) {
          if (answer.status < 300 || request.accept?.includes(answer.status) === true) return answer;
          throw new CliError(`${request.method ?? 'GET'} ${request.path}: ${problemLine(answer)}`);
        }
        waitMs = retryAfterMs(answer.headers.get('retry-after'), attempt);
        reason = problemLine(answer);
        if (Date.now() + waitMs > deadline) throw new CliError(`${request.method ?? 'GET'} ${request.path}: ${reason}`);
      } catch (error) {
        if (error instanceof CliError || request.signal?.aborted === true) throw error;
        // Nobody there from the first is a wrong address; gone in between may be a restart.
        reason = connectionLine(this.settings.url, error);
        waitMs = Math.min(WAIT_MS_MAX, 250 * 2 ** attempt);
        if (!this.reached || Date.now() + waitMs > deadline) throw new CliError(reason);
      }
      this.onWait(reason, waitMs);
      await sleep(waitMs, undefined, request.signal === undefined ? {} : { signal: request.signal });
    }
  }

  async json<T>(request: ApiRequest): Promise<T> {
    const { body } = await this.call({ ...request, headers: { accept: 'application/json', ...request.headers } });
    return JSON.parse(body) as T;
  }

  private async once({ method = 'GET', path, body, headers }: ApiRequest): Promise<ApiAnswer> {
    const response = await fetch(this.settings.url + path, {
      method, ...(body === undefined ? {} : { body: body as NonNullable<RequestInit['body']> }), signal: AbortSignal.timeout(REQUEST_MS_MAX), redirect: 'error',
      headers: { ...(this.settings.key === '' ? {} : { authorization: `Bearer ${this.settings.key}` }), ...headers },
    });
    return { status: response.status, body: await response.text(), headers: response.headers };
  }
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3); without either, doubling from half a second. */
export function retryAfterMs(value: string | null, attempt: number, now = Date.now()): number {
  if (value !== null && /^\d+$/.test(value.trim())) return Math.min(WAIT_MS_MAX, Number(value) * 1000);
  const date = value === null ? Number.NaN : Date.parse(value);
  if (!Number.isNaN(date)) return Math.min(WAIT_MS_MAX, Math.max(0, date - now));
  return Math.min(WAIT_MS_MAX, 500 * 2 ** attempt);
}

/** Title and detail of an RFC 9457 problem document. */
export function problemLine({ status, body }: Pick<ApiAnswer, 'status' | 'body'>): string {
  try {
    const problem = JSON.parse(body) as { title?: string; detail?: string; code?: string };
    const words = [...new Set([problem.title, problem.detail])].filter((part) => typeof part === 'string' && part !== '').join(': ');
    if (words !== '') return `${words} (${status}${problem.code === undefined ? '' : ` ${problem.code}`})`;
  } catch {
    // Not ours: a proxy's page, say.
  }
  return `the service answered ${status}`;
}

function connectionLine(url: string, error: unknown): string {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause;
  if (cause?.code === 'ECONNREFUSED') return `nothing listens at ${url}; is Wary running there? (--url or WARY_URL names another address)`;
  if ((error as Error).name === 'TimeoutError') return `${url} did not answer in ${REQUEST_MS_MAX / 1000} s`;
  return `${url} cannot be reached: ${cause?.message ?? (error as Error).message}`;
}
