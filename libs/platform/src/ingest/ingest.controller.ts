import { Controller, Headers, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { inflateBody } from '@wary/ingest/inflate-body.js';
import { readNativeBody } from '@wary/ingest/native-body.js';
import type { ReadBody } from '@wary/ingest/read-body.js';
import { countOtlpMetrics, otlpResponse, readOtlpLogs, readOtlpTraces } from '@wary/ingest/otlp.js';
import { readTextBody } from '@wary/ingest/text-body.js';
import { WaryError } from '@wary/model/errors.js';
import { SUPPORTED_SOURCES, type SourceName } from '@wary/model/sources.js';
import { recordFormat } from '@wary/normalize/normalize-record.js';
import { CLOCK, type Clock } from '@wary/ports/clock.port.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Allow } from '../auth/allow.js';
import { principalOf } from '../auth/request-context.js';
import { EventPath, nothingRead, type TakeResult } from '../path/event-path.js';
import { EVENT_PATH, READINESS, type Readiness } from '../path/tokens.js';

const EventsQuerySchema = z.strictObject({
  source: z.enum(SUPPORTED_SOURCES).default('native'),
  file: z.string().regex(/^[\w.-]{1,128}$/).optional().describe('fingerprint of the file the records come from: with the offset it is their identity'),
  offset: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0).describe('byte offset of the first record in that file'),
});
type EventsQuery = z.output<typeof EventsQuerySchema>;

const AcceptedSchema = z.object({
  accepted: z.number().int(), duplicates: z.number().int(), dropped: z.number().int().describe('records that are no activity'),
  rejected: z.array(z.object({ line: z.number().int(), code: z.string(), message: z.string() })),
});

/** Where events come in. 2xx only when everything accepted is durable. */
@ApiTags('ingest')
@Controller('v1')
export class IngestController {
  constructor(@Inject(EVENT_PATH) private readonly path: EventPath, @Inject(READINESS) private readonly readiness: Readiness, @Inject(CLOCK) private readonly clock: Clock) {}

  @Post('events')
  @HttpCode(202)
  @Allow('ingest')
  @ApiOperation({ summary: 'Send events', description: 'A JSON array or NDJSON of wary.event/1, or the records of another source (`?source=nginx`); gzip allowed. Answers when what is accepted is durable. With an `Idempotency-Key` a repeat gets the answer of the first (`Idempotent-Replayed: true`).' })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: '1 to 255 visible ASCII characters, a new one for each request; remembered for a day by the process that answered' })
  @ApiConsumes('application/x-ndjson', 'application/json', 'text/plain')
  @ApiBody({ schema: { type: 'string', description: 'events, one a line' } })
  @ApiResponse({ status: 202, description: 'accepted and durable', standardSchema: AcceptedSchema })
  async events(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Query({ schema: EventsQuerySchema }) query: EventsQuery, @Headers('content-type') contentType: string | undefined): Promise<object> {
    return this.once(request, reply, () => this.takeEvents(request, query, contentType));
  }

  private async takeEvents(request: FastifyRequest, query: EventsQuery, contentType: string | undefined): Promise<object> {
    const read = await this.read(request, (body, context) => readBody(body, contentType ?? 'application/x-ndjson', query, context));
    const result = await this.path.take(read);
    if (nothingRead(result)) throw new WaryError('bad_request', 'Nothing in the body could be used; see "rejected"', { rejected: result.rejected });
    const { accepted, duplicates, dropped, rejected, rejectedMore } = result;
    return { accepted, duplicates, dropped, rejected, ...(rejectedMore > 0 ? { rejectedMore } : {}) };
  }

  @Post('traces')
  @HttpCode(200)
  @Allow('ingest')
  @ApiOperation({ summary: 'OTLP/HTTP traces', description: 'ExportTraceServiceRequest as protobuf or JSON, with the partial-success answer of OTLP.' })
  async traces(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.otlp(request, reply, 'traces', readOtlpTraces);
  }

  @Post('logs')
  @HttpCode(200)
  @Allow('ingest')
  @ApiOperation({ summary: 'OTLP/HTTP logs', description: 'ExportLogsServiceRequest as protobuf or JSON, with the partial-success answer of OTLP.' })
  async logs(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.otlp(request, reply, 'logs', readOtlpLogs);
  }

  @Post('metrics')
  @HttpCode(200)
  @Allow('ingest')
  @ApiOperation({ summary: 'OTLP/HTTP metrics', description: 'Accepted and counted, since a base endpoint sends them too; nothing is kept.' })
  async metrics(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const mediaType = mediaTypeOf(request);
    countOtlpMetrics(await inflateBody(bodyOf(request), request.headers['content-encoding']), mediaType);
    send(reply, otlpResponse(mediaType, 'metrics', 0, ''));
  }

  private async otlp(request: FastifyRequest, reply: FastifyReply, kind: 'traces' | 'logs', decode: typeof readOtlpTraces): Promise<void> {
    const mediaType = mediaTypeOf(request);
    const { rejected, message } = await this.once(request, reply, async () => {
      const result = await this.path.take(await this.read(request, (body, context) => decode(body, mediaType, context)));
      return { rejected: result.rejected.length + result.rejectedMore, message: messageOf(result) };
    });
    send(reply, otlpResponse(mediaType, kind, rejected, message));
  }

  /** Does it once for each `Idempotency-Key`. */
  private async once<T extends object>(request: FastifyRequest, reply: FastifyReply, act: () => Promise<T>): Promise<T> {
    const { 'idempotency-key': key, 'content-type': type = '', 'content-encoding': encoding = '' } = request.headers;
    const { answer, replayed } = await this.path.answers.once(principalOf(request).tenant, key === undefined ? undefined : String(key), [request.url, type, encoding, Buffer.isBuffer(request.body) ? request.body : ''], act);
    if (replayed) void reply.header('idempotent-replayed', 'true');
    return answer;
  }

  private async read(request: FastifyRequest, decode: (body: Buffer, context: { tenant: string; receivedAt: number }) => ReadBody): Promise<ReadBody> {
    this.readiness.assertReady();
    const body = await inflateBody(bodyOf(request), request.headers['content-encoding']);
    return decode(body, { tenant: principalOf(request).tenant, receivedAt: this.clock.now() });
  }
}

function readBody(body: Buffer, contentType: string, { source, file, offset }: EventsQuery, context: { tenant: string; receivedAt: number }): ReadBody {
  const origin = file === undefined ? {} : { file, offset };
  if (recordFormat(source) === 'text') return readTextBody(body, { ...context, source: source as SourceName, ...origin });
  if (recordFormat(source) === 'otlp') throw new WaryError('bad_request', 'OTLP goes to /v1/traces or /v1/logs');
  return readNativeBody(body, contentType, { ...context, source: source as SourceName, ...origin });
}

const bodyOf = (request: FastifyRequest): Buffer => {
  if (Buffer.isBuffer(request.body)) return request.body;
  throw new WaryError('bad_request', 'The body is empty');
};
const mediaTypeOf = (request: FastifyRequest): string => (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();

function messageOf({ rejected, rejectedMore }: TakeResult): string {
  if (rejected.length === 0) return '';
  const first = rejected.slice(0, 3).map(({ line, code, message }) => `record ${line}: ${code}: ${message}`).join('; ');
  const more = rejected.length + rejectedMore - Math.min(3, rejected.length);
  return more > 0 ? `${first}; and ${more} more` : first;
}

function send(reply: FastifyReply, { contentType, body }: { contentType: string; body: Buffer }): void {
  void reply.status(200).type(contentType).send(body);
}
