import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ACCOUNTS, SESSION_COOKIES, type SessionCookies } from '../accounts/account-tokens.js';
import type { Accounts } from '../accounts/create-accounts.js';
import { Allow } from './allow.js';
import { MeSchema, meOf } from './me-view.js';
import { roleActions } from './principal.js';
import { endedSessionCookie, sessionCookie } from './session-cookie.js';

const LoginSchema = z.strictObject({ email: z.string().min(1).max(320), password: z.string().min(1).max(1_000) });

@ApiTags('sign-in')
@Controller('v1/auth')
export class AuthController {
  constructor(@Inject(ACCOUNTS) private readonly accounts: Accounts, @Inject(SESSION_COOKIES) private readonly cookies: SessionCookies) {}

  @Post('login')
  @HttpCode(200)
  @Allow('public')
  @ApiOperation({ summary: 'Sign in', description: 'Sets the cookie wary_session. After five failures of an account, or twenty of an address, it answers 429 with Retry-After.' })
  @ApiResponse({ status: 200, standardSchema: MeSchema })
  async login(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body({ schema: LoginSchema }) { email, password }: z.output<typeof LoginSchema>): Promise<z.output<typeof MeSchema>> {
    const { user, session, token } = await this.accounts.signIn.signIn({ email, password, ip: request.ip, userAgent: request.headers['user-agent'] ?? '', requestId: request.id, cookie: request.headers.cookie });
    void reply.header('set-cookie', sessionCookie(token, session.expiresAt - session.createdAt, this.cookies.secure));
    const actions = roleActions(user.role, user.mustChangePassword);
    return meOf({ kind: 'user', id: user.id, name: user.email, tenant: user.tenant, role: user.role, scopes: [], actions, sessionId: session.id }, user);
  }

  @Post('logout')
  @HttpCode(204)
  @Allow('public')
  @ApiOperation({ summary: 'Sign out', description: 'Ends this session; does nothing when there is none.' })
  async logout(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    await this.accounts.signIn.signOut(request.headers.cookie, request.ip, request.id);
    void reply.header('set-cookie', endedSessionCookie(this.cookies.secure));
  }
}
