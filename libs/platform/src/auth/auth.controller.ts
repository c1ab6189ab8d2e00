import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ACCOUNTS, SESSION_COOKIES, type SessionCookies } from '../accounts/account-tokens.js';
import type { Accounts } from '../accounts/create-accounts.js';
import { Allow } from './allow.js';
import { MeSchema, meOf } from './me-view.js';
import { userPrincipal } from './principal.js';
import { endedSessionCookie, sessionCookie } from './session-cookie.js';
import type { SignedIn } from './sign-in.js';
import { CodeSchema, PresentPasswordSchema } from './sign-in-schemas.js';

const LoginSchema = z.strictObject({ email: z.string().min(1).max(320), password: PresentPasswordSchema });
const SecondStepSchema = z.strictObject({ challenge: z.string().min(1).max(1_000).describe('of the answer second_factor_required'), code: CodeSchema });

@ApiTags('sign-in')
@Controller('v1/auth')
export class AuthController {
  constructor(@Inject(ACCOUNTS) private readonly accounts: Accounts, @Inject(SESSION_COOKIES) private readonly cookies: SessionCookies) {}

  @Post('login')
  @HttpCode(200)
  @Allow('public')
  @ApiOperation({ summary: 'Sign in', description: 'Sets the cookie wary_session. After five failures of an account, or twenty of an address, it answers 429 with Retry-After. Who has a second factor gets 401 second_factor_required with a challenge, good for five minutes, and goes on at /v1/auth/login/second-factor.' })
  @ApiResponse({ status: 200, standardSchema: MeSchema })
  async login(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body({ schema: LoginSchema }) { email, password }: z.output<typeof LoginSchema>): Promise<z.output<typeof MeSchema>> {
    return this.admit(reply, await this.accounts.signIn.signIn({ email, password, ...callerOf(request) }));
  }

  @Post('login/second-factor')
  @HttpCode(200)
  @Allow('public')
  @ApiOperation({ summary: 'Sign in, second step', description: 'With a code of the authenticator app, or a recovery code; each works once. Sets the cookie wary_session. After five wrong codes it answers 429 with Retry-After.' })
  @ApiResponse({ status: 200, standardSchema: MeSchema })
  async secondStep(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body({ schema: SecondStepSchema }) { challenge, code }: z.output<typeof SecondStepSchema>): Promise<z.output<typeof MeSchema>> {
    return this.admit(reply, await this.accounts.signIn.signInWithCode({ challenge, code, ...callerOf(request) }));
  }

  @Post('logout')
  @HttpCode(204)
  @Allow('public')
  @ApiOperation({ summary: 'Sign out', description: 'Ends this session; does nothing when there is none.' })
  async logout(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    await this.accounts.signIn.signOut(request.headers.cookie, request.ip, request.id);
    void reply.header('set-cookie', endedSessionCookie(this.cookies.secure));
  }

  private admit(reply: FastifyReply, { user, session, token }: SignedIn): z.output<typeof MeSchema> {
    void reply.header('set-cookie', sessionCookie(token, session.expiresAt - session.createdAt, this.cookies.secure));
    return meOf(userPrincipal(user, session.id, this.accounts.policy), user, this.accounts.policy);
  }
}

const callerOf = (request: FastifyRequest) => ({ ip: request.ip, userAgent: request.headers['user-agent'] ?? '', requestId: request.id, cookie: request.headers.cookie });
