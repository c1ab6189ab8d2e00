import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { WaryError } from '@wary/model/errors.js';
import { CLOCK, type Clock } from '@wary/ports/clock.port.js';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ACCOUNTS } from '../accounts/account-tokens.js';
import type { Accounts } from '../accounts/create-accounts.js';
import { Allow } from './allow.js';
import { MeSchema, meOf } from './me-view.js';
import { NewPasswordSchema } from './password-rules.js';
import { actorOf, principalOf } from './request-context.js';
import { PresentPasswordSchema } from './sign-in-schemas.js';

const PasswordSchema = z.strictObject({ current: PresentPasswordSchema, next: NewPasswordSchema });
const SessionSchema = z.object({ id: z.string(), createdAt: z.number(), lastSeenAt: z.number(), expiresAt: z.number(), ip: z.string(), userAgent: z.string(), current: z.boolean() });
const SessionPageSchema = z.object({ items: z.array(SessionSchema), next: z.null() });

@ApiTags('me')
@Controller('v1/me')
export class MeController {
  constructor(@Inject(ACCOUNTS) private readonly accounts: Accounts, @Inject(CLOCK) private readonly clock: Clock) {}

  @Get()
  @Allow('self', 'read')
  @ApiOperation({ summary: 'Who am I, and what may I do' })
  @ApiResponse({ status: 200, standardSchema: MeSchema })
  async me(@Req() request: FastifyRequest): Promise<z.output<typeof MeSchema>> {
    const principal = principalOf(request);
    return meOf(principal, principal.kind === 'user' ? await this.accounts.users.get(principal.tenant, principal.id) : null, this.accounts.policy);
  }

  @Post('password')
  @HttpCode(204)
  @Allow('self')
  @ApiOperation({ summary: 'Change my password', description: 'Ends all my other sessions.' })
  async changePassword(@Req() request: FastifyRequest, @Body({ schema: PasswordSchema }) { current, next }: z.output<typeof PasswordSchema>): Promise<void> {
    const { tenant, id, sessionId } = principalOf(request);
    await this.accounts.users.changePassword({ tenant, id, current, next, sessionId: sessionId ?? '' }, actorOf(request));
  }

  @Get('sessions')
  @Allow('self')
  @ApiOperation({ summary: 'My sessions' })
  @ApiResponse({ status: 200, standardSchema: SessionPageSchema })
  async sessions(@Req() request: FastifyRequest): Promise<z.output<typeof SessionPageSchema>> {
    const { id, sessionId } = principalOf(request);
    const now = this.clock.now();
    const sessions = (await this.accounts.store.listSessions(id)).filter((session) => session.expiresAt > now && now - session.lastSeenAt < this.accounts.limits.sessionIdleMs);
    return { items: sessions.map(({ id: one, createdAt, lastSeenAt, expiresAt, ip, userAgent }) => ({ id: one, createdAt, lastSeenAt, expiresAt, ip, userAgent, current: one === sessionId })), next: null };
  }

  @Delete('sessions')
  @Allow('self')
  @ApiOperation({ summary: 'End all my other sessions' })
  async endOthers(@Req() request: FastifyRequest): Promise<{ ended: number }> {
    const { id, sessionId } = principalOf(request);
    const others = (await this.accounts.store.listSessions(id)).map((session) => session.id).filter((other) => other !== sessionId);
    return { ended: await this.end(request, others) };
  }

  @Delete('sessions/:id')
  @HttpCode(204)
  @Allow('self')
  @ApiOperation({ summary: 'End one of my sessions' })
  async endOne(@Req() request: FastifyRequest, @Param('id') id: string): Promise<void> {
    if ((await this.end(request, [id])) === 0) throw new WaryError('not_found', 'There is no such session');
  }

  private async end(request: FastifyRequest, ids: readonly string[]): Promise<number> {
    const { id: userId, tenant } = principalOf(request);
    const ended = await this.accounts.store.endSessions(userId, ids, { tenant, at: this.clock.now(), actor: actorOf(request), action: 'session.end', target: `user:${userId}`, before: { sessions: ids }, after: null });
    for (const sessionId of ended) this.accounts.authenticator.revoke({ userId, sessionId });
    return ended.length;
  }
}
