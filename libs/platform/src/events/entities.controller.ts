import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ACTOR_TYPES, ENTITY_TYPES } from '@wary/model/entity.js';
import { CLOCK, type Clock } from '@wary/ports/clock.port.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Allow } from '../auth/allow.js';
import { actorOf, principalOf } from '../auth/request-context.js';
import { answerList } from '../http/list-format.js';
import { AUDIT_NOTE, type AuditNote } from '../ingest/dead-letters.controller.js';
import type { EventPath } from '../path/event-path.js';
import { EVENT_PATH } from '../path/tokens.js';
import { cursorSchema, limitSchema, textSchema, timeSchema } from '../http/query-schema.js';
import { ENTITY_PAGES, type EntityPages } from './entity-pages.js';

const ListSchema = z.strictObject({ q: textSchema, sort: z.enum(['name', 'risk']).optional(), limit: limitSchema, cursor: cursorSchema })
  .refine(({ sort, q, cursor }) => sort !== 'risk' || (q === undefined && cursor === undefined), { message: 'sort=risk gives the highest risks in one page; leave out q and cursor', path: ['sort'] });
const TypeSchema = z.enum(ENTITY_TYPES);
const ActorTypeSchema = z.enum(ACTOR_TYPES);
const RiskQuerySchema = z.strictObject({ at: timeSchema.describe('epoch milliseconds or ISO 8601; the present when it is left out') });
const RebaselineSchema = z.strictObject({ reason: z.string().trim().min(1, 'say why').max(1_000) });
const RebaselinedSchema = z.object({ eventId: z.string(), at: z.number() });

@ApiTags('entities')
@Controller('v1/entities')
export class EntitiesController {
  constructor(
    @Inject(ENTITY_PAGES) private readonly pages: EntityPages,
    @Inject(EVENT_PATH) private readonly path: EventPath,
    @Inject(AUDIT_NOTE) private readonly audit: AuditNote,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Allow('read')
  @ApiOperation({ summary: 'Search entities', description: 'By name; with sort=risk whoever is at risk now, highest first, in one page.' })
  async list(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Query({ schema: ListSchema }) { q, sort, limit, cursor }: z.output<typeof ListSchema>): Promise<unknown> {
    const { tenant } = principalOf(request);
    return answerList(request.headers.accept, await (sort === 'risk' ? this.pages.riskiest(tenant, limit) : this.pages.search(tenant, q ?? '', limit, cursor)), reply);
  }

  @Get(':type/:id')
  @Allow('read')
  @ApiOperation({ summary: 'One entity', description: 'Activity, baselines as they stand (of a model its drift: by stream zone, effect, evidence and since when; its groups and versions held against each other), the risk ledger with its arithmetic, and peers: `peering` says whom it is held against and why (of a behaviour group since when, how many, what they have in common and who is most alike), `percentile` of each baseline where it lies among its peers.' })
  one(@Req() request: FastifyRequest, @Param('type', { schema: TypeSchema }) type: z.output<typeof TypeSchema>, @Param('id') id: string): Promise<object> {
    return this.pages.detail(principalOf(request).tenant, { type, id });
  }

  @Get(':type/:id/risk')
  @Allow('read')
  @ApiOperation({ summary: 'The risk ledger of an instant', description: 'With ?at= (epoch milliseconds or ISO 8601) as it was shown then: what has become of the alerts since, graver, later, resolved, hidden or judged, is undone. What each alert brought and what was left of it; the sum is the risk.' })
  risk(@Req() request: FastifyRequest, @Param('type', { schema: TypeSchema }) type: z.output<typeof TypeSchema>, @Param('id') id: string, @Query({ schema: RiskQuerySchema }) { at }: z.output<typeof RiskQuerySchema>): Promise<object> {
    return this.pages.riskThen(principalOf(request).tenant, { type, id }, at ?? this.clock.now());
  }

  @Post(':type/:id/rebaseline')
  @HttpCode(202)
  @Allow('detectors.tune')
  @ApiOperation({ summary: 'Begin the baselines of an entity anew', description: 'What it did before counts for little from now on, and its peers speak beside it; known values stay known. Audited with its reason, stored as an event of the entity, and applied in order with its other events.' })
  @ApiResponse({ status: 202, description: 'durable; applied when the detection comes to it', standardSchema: RebaselinedSchema })
  async rebaseline(@Req() request: FastifyRequest, @Param('type', { schema: ActorTypeSchema }) type: z.output<typeof ActorTypeSchema>, @Param('id') id: string, @Body({ schema: RebaselineSchema }) { reason }: z.output<typeof RebaselineSchema>): Promise<object> {
    const { tenant } = principalOf(request);
    const by = actorOf(request);
    const at = this.clock.now();
    // Whoever has no events is not known: there is nothing to begin anew.
    await this.pages.detail(tenant, { type, id });
    const eventId = await this.path.rebaseline({ tenant, entity: { type, id }, by: by.name, reason, at });
    await this.audit({ tenant, at, actor: by, action: 'entity.rebaseline', target: `${type}:${id}`, before: null, after: { reason, eventId } });
    return { eventId, at };
  }
}
