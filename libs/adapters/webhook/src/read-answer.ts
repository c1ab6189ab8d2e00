import type { IncomingMessage } from 'node:http';

/** Of an answer's body this much is read, for the delivery log; the connection is cut there. */
export const ANSWER_BYTES_MAX = 64 * 1024;
/** The status is what counts. Who then sends the body drop by drop is cut, and counts as having answered. */
export const BODY_WAIT_MS_MAX = 3_000;

export interface Answer { readonly status: number; readonly retryAfterMs: number | null; readonly body: string }

export function readAnswer(response: IncomingMessage, deadline: AbortSignal): Promise<Answer> {
  return new Promise((done) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const finish = (): void => {
      clearTimeout(timer);
      deadline.removeEventListener('abort', finish);
      response.destroy();
      done({ status: response.statusCode ?? 0, retryAfterMs: retryAfterMs(response.headers['retry-after'], response.headers.date), body: Buffer.concat(chunks).subarray(0, ANSWER_BYTES_MAX).toString('utf8') });
    };
    const timer = setTimeout(finish, BODY_WAIT_MS_MAX);
    deadline.addEventListener('abort', finish, { once: true });
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= ANSWER_BYTES_MAX) finish();
    });
    response.on('end', finish);
    response.on('error', finish);
    response.on('close', finish);
  });
}

/** RFC 9110, 10.2.3: seconds, or a date, which is counted from the answer's own Date so that clocks need not agree. */
export function retryAfterMs(header: string | undefined, date: string | undefined): number | null {
  if (header === undefined) return null;
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header) * 1_000;
  const at = Date.parse(header);
  const from = Date.parse(date ?? '');
  return Number.isNaN(at) || Number.isNaN(from) ? null : Math.max(0, at - from);
}
