import { Body, Controller, Delete, Get, Headers, HttpCode, Inject, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { SCOPES } from '@wary/model/permissions.js';
import type { ApiKey } from '@wary/ports/account-store.port.js';
import { CLOCK, type Clock } from '@wary/ports/clock.port.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Allow } from '../auth/allow.js';
import { actorOf, principalOf } from '../auth/request-context.js';
import { entityTag, readIfMatch } from '../http/entity-tag.js';
import { answerList } from '../http/list-format.js';
import { cursorSchema, limitSchema } from '../http/query-schema.js';
import { ACCOUNTS } from './account-tokens.js';
import type { Accounts } from './create-accounts.js';

const GRACE_SECONDS_MAX = 7 * 24 * 60 * 60;

const name = z.string().trim().min(1).max(200);
const scopes = z.array(z.enum(SCOPES)).min(1).max(SCOPES.length);
const expiresAt = z.union([z.number().int().positive(), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))]).nullable();
const CreateSchema = z.strictObject({ name, scopes, expiresAt: expiresAt.default(null) });
const ChangeSchema = z.strictObject({
  name: name.optional(), scopes: scopes.optional(), expiresAt: expiresAt.optional(), rotate: z.literal(true).optional().describe('a new key, told this once'),
  graceSeconds: z.number().int().min(0).max(GRACE_SECONDS_MAX).optional().describe('how long the key before the rotation works too'), revoked: z.literal(true).optional(),
}).refine((change) => Object.keys(change).length > 0, 'name something to change').refine((change) => change.graceSeconds === undefined || change.rotate === true, { path: ['graceSeconds'], message: 'goes with rotate alone' });
const ListSchema = z.strictObject({ limit: limitSchema, cursor: cursorSchema });

const STATUSES = ['active', 'expired', 'revoked'] as const;
const KeySchema = z.object({
  id: z.string(), tenant: z.string(), name: z.string(), scopes: z.array(z.enum(SCOPES)), status: z.enum(STATUSES), hint: z.string().describe('last characters'), version: z.number().int(), createdAt: z.number(), createdBy: z.string(), updatedAt: z.number(),
  rotatedAt: z.number().nullable(), previousUntil: z.number().nullable(), expiresAt: z.number().nullable(), revokedAt: z.number().nullable(), lastUsedAt: z.number().nullable(),
});
const OnceSchema = KeySchema.extend({ key: z.string().optional().describe('wary_…; told this once') });
const PageSchema = z.object({ items: z.array(KeySchema), next: z.string().nullable() });

@ApiTags('API keys')
@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(@Inject(ACCOUNTS) private readonly accounts: Accounts, @Inject(CLOCK) private readonly clock: Clock) {}

  @Get()
  @Allow('keys.manage')
  @ApiOperation({ summary: 'List API keys', description: 'Newest first, revoked ones too.' })
  @ApiResponse({ status: 200, standardSchema: PageSchema })
  async list(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Query({ schema: ListSchema }) { limit, cursor }: z.output<typeof ListSchema>): Promise<unknown> {
    const page = await this.accounts.apiKeys.list(principalOf(request).tenant, limit, cursor);
    return answerList(request.headers.accept, { items: page.items.map((key) => this.view(key)), next: page.next }, reply);
  }

  @Post()
  @Allow('keys.manage')
  @ApiOperation({ summary: 'Make an API key', description: 'The answer holds the key this once; only a hash is kept.' })
  @ApiResponse({ status: 201, standardSchema: OnceSchema })
  async create(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body({ schema: CreateSchema }) body: z.output<typeof CreateSchema>): Promise<object> {
    return this.once(reply, await this.accounts.apiKeys.create(principalOf(request).tenant, body, actorOf(request)));
  }

  @Get(':id')
  @Allow('keys.manage')
  @ApiOperation({ summary: 'One API key' })
  @ApiResponse({ status: 200, standardSchema: KeySchema })
  async one(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string): Promise<object> {
    return this.once(reply, { key: await this.accounts.apiKeys.get(principalOf(request).tenant, id), secret: null });
  }

  @Patch(':id')
  @Allow('keys.manage')
  @ApiOperation({ summary: 'Change, rotate or revoke a key', description: 'Scopes and expiry apply at once.' })
  @ApiResponse({ status: 200, standardSchema: OnceSchema })
  async change(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string, @Body({ schema: ChangeSchema }) body: z.output<typeof ChangeSchema>, @Headers('if-match') ifMatch?: string): Promise<object> {
    return this.once(reply, await this.accounts.apiKeys.change(principalOf(request).tenant, id, body, actorOf(request), readIfMatch(ifMatch)));
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow('keys.manage')
  @ApiOperation({ summary: 'Revoke a key', description: 'It stays in the list, for the audit.' })
  async revoke(@Req() request: FastifyRequest, @Param('id') id: string, @Headers('if-match') ifMatch?: string): Promise<void> {
    await this.accounts.apiKeys.change(principalOf(request).tenant, id, { revoked: true }, actorOf(request), readIfMatch(ifMatch));
  }

  private view(key: ApiKey): object {
    const status: (typeof STATUSES)[number] = key.revokedAt !== null ? 'revoked' : key.expiresAt !== null && key.expiresAt <= this.clock.now() ? 'expired' : 'active';
    return { ...key, status };
  }

  private once(reply: FastifyReply, { key, secret }: { key: ApiKey; secret: string | null }): object {
    void reply.header('etag', entityTag(key.version));
    return { ...this.view(key), ...(secret === null ? {} : { key: secret }) };
  }
}
