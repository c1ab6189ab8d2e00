import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { EVENT_KINDS } from '@wary/model/event.js';
import { ENTITY_QUERIES, EVENT_STORE, type EntityQueries, type EventStore } from '@wary/ports/event-store.port.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Allow } from '../auth/allow.js';
import { principalOf } from '../auth/request-context.js';
import { answerList } from '../http/list-format.js';
import { cursorSchema, entitySchema, idsSchema, limitSchema, textSchema, timeSchema } from '../http/query-schema.js';

const ListSchema = z.strictObject({
  entity: entitySchema, kind: z.enum(EVENT_KINDS).optional(), action: textSchema, from: timeSchema, to: timeSchema, q: textSchema, ids: idsSchema, limit: limitSchema, cursor: cursorSchema,
});

@ApiTags('events')
@Controller('v1')
export class EventsController {
  constructor(@Inject(EVENT_STORE) private readonly events: EventStore, @Inject(ENTITY_QUERIES) private readonly entities: EntityQueries) {}

  @Get('events')
  @Allow('read')
  @ApiOperation({ summary: 'List events', description: 'Newest first, content masked as it is stored. CSV or NDJSON by Accept.' })
  async list(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Query({ schema: ListSchema }) query: z.output<typeof ListSchema>): Promise<unknown> {
    return answerList(request.headers.accept, await this.events.find({ tenant: principalOf(request).tenant, ...query }), reply);
  }

  @Get('stats')
  @Allow('read')
  @ApiOperation({ summary: 'How much is here' })
  totals(@Req() request: FastifyRequest): Promise<object> {
    return this.entities.totals(principalOf(request).tenant);
  }
}
