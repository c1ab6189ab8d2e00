import { Body, Controller, Get, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { API_LIMITS } from '@wary/model/limits.js';
import type { AuditEntry } from '@wary/ports/audit.port.js';
import { CLOCK, type Clock } from '@wary/ports/clock.port.js';
import { DEAD_LETTER_STORE, type DeadLetterStore } from '@wary/ports/dead-letter-store.port.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Allow } from '../auth/allow.js';
import { actorOf, principalOf } from '../auth/request-context.js';
import { answerList } from '../http/list-format.js';
import { cursorSchema, limitSchema } from '../http/query-schema.js';
import type { ReplayResult } from './dead-letter-replay.js';

export const DEAD_LETTER_REPLAY = Symbol.for('wary.DeadLetterReplay');
export const AUDIT_NOTE = Symbol.for('wary.AuditNote');
export type AuditNote = (entry: AuditEntry) => Promise<void>;

const ListSchema = z.strictObject({ limit: limitSchema, cursor: cursorSchema });
const ReplaySchema = z.strictObject({ ids: z.array(z.string().min(1).max(100)).min(1, 'name the letters; GET /v1/dead-letters lists them').max(API_LIMITS.bulkItemsMax) });

@ApiTags('dead letters')
@Controller('v1/dead-letters')
export class DeadLettersController {
  constructor(
    @Inject(DEAD_LETTER_STORE) private readonly store: DeadLetterStore,
    @Inject(DEAD_LETTER_REPLAY) private readonly replayLetters: (tenant: string, ids: readonly string[]) => Promise<ReplayResult>,
    @Inject(AUDIT_NOTE) private readonly audit: AuditNote,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Allow('read')
  @ApiOperation({ summary: 'List dead letters', description: 'Source, offset, reason and size; the payload is encrypted at rest and never shown.' })
  async list(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Query({ schema: ListSchema }) { limit, cursor }: z.output<typeof ListSchema>): Promise<unknown> {
    return answerList(request.headers.accept, await this.store.listDeadLetters(principalOf(request).tenant, limit, cursor), reply);
  }

  @Post('replay')
  @HttpCode(200)
  @Allow('deadletters.replay')
  @ApiOperation({ summary: 'Send dead letters through the path again', description: 'Doing it twice adds nothing. What fails again stays.' })
  async replay(@Req() request: FastifyRequest, @Body({ schema: ReplaySchema }) { ids }: z.output<typeof ReplaySchema>): Promise<ReplayResult> {
    const { tenant } = principalOf(request);
    const result = await this.replayLetters(tenant, ids);
    await this.audit({ tenant, at: this.clock.now(), actor: actorOf(request), action: 'dead_letters.replayed', target: ids.slice(0, 20).join(','), before: null, after: { letters: ids.length, replayed: result.replayed, rejected: result.rejected.length } });
    return result;
  }
}
