import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Allow } from '../auth/allow.js';
import { principalOf } from '../auth/request-context.js';
import { answerList } from '../http/list-format.js';
import { cursorSchema, limitSchema, textSchema, timeSchema } from '../http/query-schema.js';
import { ACCOUNTS } from './account-tokens.js';
import type { Accounts } from './create-accounts.js';

const ListSchema = z.strictObject({
  actor: textSchema.describe('e-mail, key:<name> or id'), action: textSchema.describe('such as user.disable; with a final dot all of a kind, such as user.'), target: textSchema.describe('such as user:01J…'),
  from: timeSchema, to: timeSchema, limit: limitSchema, cursor: cursorSchema,
});
const EntrySchema = z.object({
  id: z.string(), tenant: z.string(), at: z.number(), actor: z.object({ id: z.string(), name: z.string(), kind: z.enum(['user', 'key', 'system']), ip: z.string(), requestId: z.string() }),
  action: z.string(), target: z.string(), before: z.unknown(), after: z.unknown(),
});
const PageSchema = z.object({ items: z.array(EntrySchema), next: z.string().nullable() });

@ApiTags('audit')
@Controller('v1/audit')
export class AuditController {
  constructor(@Inject(ACCOUNTS) private readonly accounts: Accounts) {}

  @Get()
  @Allow('audit.read')
  @ApiOperation({ summary: 'Who changed what', description: 'Newest first: who, when, from where, before and after. CSV or NDJSON by Accept.' })
  @ApiResponse({ status: 200, standardSchema: PageSchema })
  async list(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Query({ schema: ListSchema }) query: z.output<typeof ListSchema>): Promise<unknown> {
    return answerList(request.headers.accept, await this.accounts.audit.listAudit({ tenant: principalOf(request).tenant, ...query }), reply);
  }
}
