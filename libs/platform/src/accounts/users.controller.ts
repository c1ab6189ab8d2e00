import { Body, Controller, Get, Headers, Inject, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ROLES } from '@wary/model/permissions.js';
import type { User } from '@wary/ports/account-store.port.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Allow } from '../auth/allow.js';
import { NewPasswordSchema } from '../auth/password-rules.js';
import { actorOf, principalOf } from '../auth/request-context.js';
import { entityTag, readIfMatch } from '../http/entity-tag.js';
import { answerList } from '../http/list-format.js';
import { cursorSchema, limitSchema } from '../http/query-schema.js';
import { ACCOUNTS } from './account-tokens.js';
import type { Accounts } from './create-accounts.js';

const name = z.string().trim().max(200);
const CreateSchema = z.strictObject({ email: z.email().max(320), name: name.default(''), role: z.enum(ROLES), password: NewPasswordSchema.optional(), mustChangePassword: z.boolean().optional() });
const ChangeSchema = z.strictObject({
  name: name.optional(), role: z.enum(ROLES).optional(), disabled: z.boolean().optional(),
  reset: z.literal(true).optional().describe('a generated password, told this once; ends all sessions'), password: NewPasswordSchema.optional().describe('a given password; ends all sessions'), mustChangePassword: z.boolean().optional(),
  resetSecondFactor: z.literal(true).optional().describe('takes the second factor away; ends all sessions'),
}).refine((change) => Object.keys(change).length > 0, 'name something to change');
const ListSchema = z.strictObject({ limit: limitSchema, cursor: cursorSchema });

const UserSchema = z.object({
  id: z.string(), tenant: z.string(), email: z.string(), name: z.string(), role: z.enum(ROLES), disabled: z.boolean(), mustChangePassword: z.boolean(), secondFactor: z.boolean(), version: z.number().int(), createdAt: z.number(), updatedAt: z.number(), lastSignInAt: z.number().nullable(),
});
const OnceSchema = UserSchema.extend({ password: z.string().optional().describe('generated; told this once') });
const PageSchema = z.object({ items: z.array(UserSchema), next: z.string().nullable() });

@ApiTags('users')
@Controller('v1/users')
export class UsersController {
  constructor(@Inject(ACCOUNTS) private readonly accounts: Accounts) {}

  @Get()
  @Allow('users.manage')
  @ApiOperation({ summary: 'List users' })
  @ApiResponse({ status: 200, standardSchema: PageSchema })
  async list(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Query({ schema: ListSchema }) { limit, cursor }: z.output<typeof ListSchema>): Promise<unknown> {
    return answerList(request.headers.accept, await this.accounts.users.list(principalOf(request).tenant, limit, cursor), reply);
  }

  @Post()
  @Allow('users.manage')
  @ApiOperation({ summary: 'Add a user', description: 'Without a password one is generated, told this once, and has to be changed at the first sign-in.' })
  @ApiResponse({ status: 201, standardSchema: OnceSchema })
  async create(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body({ schema: CreateSchema }) body: z.output<typeof CreateSchema>): Promise<object> {
    return once(reply, await this.accounts.users.create(principalOf(request).tenant, body, actorOf(request)));
  }

  @Get(':id')
  @Allow('users.manage')
  @ApiOperation({ summary: 'One user' })
  @ApiResponse({ status: 200, standardSchema: UserSchema })
  async one(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string): Promise<object> {
    return once(reply, { user: await this.accounts.users.get(principalOf(request).tenant, id), password: null });
  }

  @Patch(':id')
  @Allow('users.manage')
  @ApiOperation({ summary: 'Change role or name, disable, enable, reset the password or the second factor', description: 'Open sessions and sockets feel it at once. The last administrator stays one.' })
  @ApiResponse({ status: 200, standardSchema: OnceSchema })
  async change(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string, @Body({ schema: ChangeSchema }) body: z.output<typeof ChangeSchema>, @Headers('if-match') ifMatch?: string): Promise<object> {
    return once(reply, await this.accounts.users.change(principalOf(request).tenant, id, body, actorOf(request), readIfMatch(ifMatch)));
  }
}

function once(reply: FastifyReply, { user, password }: { user: User; password: string | null }): object {
  void reply.header('etag', entityTag(user.version));
  return { ...user, ...(password === null ? {} : { password }) };
}
