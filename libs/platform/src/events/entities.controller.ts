import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ENTITY_TYPES } from '@wary/model/entity.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Allow } from '../auth/allow.js';
import { principalOf } from '../auth/request-context.js';
import { answerList } from '../http/list-format.js';
import { cursorSchema, limitSchema, textSchema } from '../http/query-schema.js';
import { ENTITY_PAGES, type EntityPages } from './entity-pages.js';

const ListSchema = z.strictObject({ q: textSchema, sort: z.enum(['name', 'risk']).optional(), limit: limitSchema, cursor: cursorSchema })
  .refine(({ sort, q, cursor }) => sort !== 'risk' || (q === undefined && cursor === undefined), { message: 'sort=risk gives the highest risks in one page; leave out q and cursor', path: ['sort'] });
const TypeSchema = z.enum(ENTITY_TYPES);

@ApiTags('entities')
@Controller('v1/entities')
export class EntitiesController {
  constructor(@Inject(ENTITY_PAGES) private readonly pages: EntityPages) {}

  @Get()
  @Allow('read')
  @ApiOperation({ summary: 'Search entities', description: 'By name; with sort=risk whoever is at risk now, highest first, in one page.' })
  async list(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Query({ schema: ListSchema }) { q, sort, limit, cursor }: z.output<typeof ListSchema>): Promise<unknown> {
    const { tenant } = principalOf(request);
    return answerList(request.headers.accept, await (sort === 'risk' ? this.pages.riskiest(tenant, limit) : this.pages.search(tenant, q ?? '', limit, cursor)), reply);
  }

  @Get(':type/:id')
  @Allow('read')
  @ApiOperation({ summary: 'One entity', description: 'Activity, baselines as they stand (of a model its drift: by stream zone, effect, evidence and since when), the risk ledger with its arithmetic, and peers: `peering` says whom it is held against and why (of a behaviour group since when, how many, what they have in common and who is most alike), `percentile` of each baseline where it lies among its peers.' })
  one(@Req() request: FastifyRequest, @Param('type', { schema: TypeSchema }) type: z.output<typeof TypeSchema>, @Param('id') id: string): Promise<object> {
    return this.pages.detail(principalOf(request).tenant, { type, id });
  }
}
