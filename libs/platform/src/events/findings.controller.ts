import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { WaryError } from '@wary/model/errors.js';
import { FindingSchema } from '@wary/model/finding.js';
import { FINDING_STORE, type FindingStore } from '@wary/ports/finding-store.port.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Allow } from '../auth/allow.js';
import { principalOf } from '../auth/request-context.js';
import { answerList } from '../http/list-format.js';
import { booleanSchema, cursorSchema, entitySchema, idsSchema, limitSchema, textSchema, timeSchema } from '../http/query-schema.js';

const ListSchema = z.strictObject({ entity: entitySchema, detector: textSchema, from: timeSchema, to: timeSchema, historical: booleanSchema, ids: idsSchema, limit: limitSchema, cursor: cursorSchema });

@ApiTags('findings')
@Controller('v1/findings')
export class FindingsController {
  constructor(@Inject(FINDING_STORE) private readonly findings: FindingStore) {}

  @Get()
  @Allow('read')
  @ApiOperation({ summary: 'List findings', description: 'The latest revision of each. CSV or NDJSON by Accept.' })
  @ApiResponse({ status: 200, standardSchema: z.object({ items: z.array(FindingSchema), next: z.string().nullable() }) })
  async list(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Query({ schema: ListSchema }) query: z.output<typeof ListSchema>): Promise<unknown> {
    return answerList(request.headers.accept, await this.findings.findFindings({ tenant: principalOf(request).tenant, ...query }), reply);
  }

  @Get(':id')
  @Allow('read')
  @ApiOperation({ summary: 'One finding with all its revisions' })
  async one(@Req() request: FastifyRequest, @Param('id') id: string): Promise<object> {
    const revisions = await this.findings.findingRevisions(principalOf(request).tenant, id);
    const latest = revisions.at(-1);
    if (latest === undefined) throw new WaryError('not_found', 'There is no such finding');
    return { ...latest, revisions };
  }
}
