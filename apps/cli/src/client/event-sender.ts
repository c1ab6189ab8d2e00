import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { SourceName } from '@wary/model/sources.js';
import type { ApiClient } from './api-client.js';

const compress = promisify(gzip);
const REJECTIONS_KEPT_MAX = 20;

export interface Rejected { readonly line: number; readonly code: string; readonly message: string }
export interface SendTotals { bytes: number; accepted: number; duplicates: number; dropped: number; rejected: number; readonly rejections: Rejected[] }

/** A stretch of a source: whole lines (or one JSON document), where they begin, and the number of the first. */
export interface Piece { readonly body: Buffer; readonly offset: number; readonly firstLine: number; readonly file: string | undefined; readonly mediaType: string }

interface Answer { readonly accepted?: number; readonly duplicates?: number; readonly dropped?: number; readonly rejected?: readonly Rejected[]; readonly rejectedMore?: number }

/** Posts pieces one after the other, so that the order of time stays; what the service refuses line by line is counted and the first lines kept. */
export class EventSender {
  readonly totals: SendTotals = { bytes: 0, accepted: 0, duplicates: 0, dropped: 0, rejected: 0, rejections: [] };

  constructor(private readonly client: ApiClient, private readonly source: SourceName, private readonly patienceMs: number, private readonly signal?: AbortSignal) {}

  async send({ body, offset, firstLine, file, mediaType }: Piece): Promise<void> {
    const query = new URLSearchParams({ ...(this.source === 'native' ? {} : { source: this.source }), ...(file === undefined ? {} : { file, offset: String(offset) }) }).toString();
    const answer = await this.client.call({
      method: 'POST', path: `/v1/events${query === '' ? '' : `?${query}`}`, body: await compress(body, { level: 1 }), headers: { 'content-type': mediaType, 'content-encoding': 'gzip' },
      accept: [400], patienceMs: this.patienceMs, ...(this.signal === undefined ? {} : { signal: this.signal }),
    });
    const result = readAnswer(answer.body);
    const refused = result.rejected ?? [];
    // 400 without a list: the piece as a whole could not be read.
    if (answer.status === 400 && refused.length === 0) this.reject([{ line: 0, code: 'bad_request', message: (result as { detail?: string }).detail ?? 'the service could not read it' }], firstLine, 0);
    else this.reject(refused, firstLine, result.rejectedMore ?? 0);
    const { totals } = this;
    totals.bytes += body.length;
    totals.accepted += result.accepted ?? 0;
    totals.duplicates += result.duplicates ?? 0;
    totals.dropped += result.dropped ?? 0;
  }

  private reject(refused: readonly Rejected[], firstLine: number, more: number): void {
    this.totals.rejected += refused.length + more;
    for (const each of refused.slice(0, REJECTIONS_KEPT_MAX - this.totals.rejections.length)) this.totals.rejections.push({ ...each, line: firstLine + each.line });
  }
}

function readAnswer(body: string): Answer {
  try {
    return JSON.parse(body) as Answer;
  } catch {
    return {};
  }
}
