import { WaryError } from '@wary/model/errors.js';
import { DEFAULT_INGEST_LIMITS, type IngestLimits } from './ingest-limits.js';

export async function inflateBody(body: Uint8Array, encoding: string | undefined, limits: IngestLimits = DEFAULT_INGEST_LIMITS): Promise<Buffer> {
  throw new WaryError('internal', `not yet ${body.length} ${encoding} ${limits.bodyBytesMax}`);
}
