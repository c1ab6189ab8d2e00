import { Body, Controller, Get, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { User } from '@wary/ports/account-store.port.js';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ACCOUNTS } from '../accounts/account-tokens.js';
import type { Accounts } from '../accounts/create-accounts.js';
import { Allow } from './allow.js';
import { CodeSchema, PresentPasswordSchema } from './sign-in-schemas.js';
import { actorOf, principalOf } from './request-context.js';

const BeginSchema = z.strictObject({ password: PresentPasswordSchema });
const ConfirmSchema = z.strictObject({ code: CodeSchema });
const BothSchema = z.strictObject({ password: PresentPasswordSchema, code: CodeSchema });
const StatusSchema = z.object({ enabled: z.boolean(), enabledAt: z.number().nullable(), recoveryCodesLeft: z.number().int(), required: z.boolean().describe('by the configuration') });
const SecretSchema = z.object({ secret: z.string().describe('base32; told this once'), uri: z.string().describe('otpauth:// address for the QR code') });
const CodesSchema = z.object({ recoveryCodes: z.array(z.string()).describe('each works once instead of a code; told this once') });

/** One's own second factor. Weighty moves ask for the password again, so that an open session alone is not enough. */
@ApiTags('me')
@Controller('v1/me/second-factor')
export class SecondFactorController {
  constructor(@Inject(ACCOUNTS) private readonly accounts: Accounts) {}

  @Get()
  @Allow('self')
  @ApiOperation({ summary: 'My second factor' })
  @ApiResponse({ status: 200, standardSchema: StatusSchema })
  async status(@Req() request: FastifyRequest): Promise<z.output<typeof StatusSchema>> {
    return this.accounts.secondFactor.status(principalOf(request).id);
  }

  @Post()
  @HttpCode(200)
  @Allow('self')
  @ApiOperation({ summary: 'Begin to set up a second factor', description: 'A secret for an authenticator app (RFC 6238: SHA-1, 6 digits, 30 s). It guards nothing until it is confirmed with a code.' })
  @ApiResponse({ status: 200, standardSchema: SecretSchema })
  async begin(@Req() request: FastifyRequest, @Body({ schema: BeginSchema }) { password }: z.output<typeof BeginSchema>): Promise<z.output<typeof SecretSchema>> {
    return this.accounts.secondFactor.begin(await this.user(request), password, actorOf(request));
  }

  @Post('confirm')
  @HttpCode(200)
  @Allow('self')
  @ApiOperation({ summary: 'Turn my second factor on', description: 'With a code of the app. Ends all my other sessions, and tells the recovery codes.' })
  @ApiResponse({ status: 200, standardSchema: CodesSchema })
  async confirm(@Req() request: FastifyRequest, @Body({ schema: ConfirmSchema }) { code }: z.output<typeof ConfirmSchema>): Promise<z.output<typeof CodesSchema>> {
    return { recoveryCodes: await this.accounts.secondFactor.confirm(await this.user(request), code, principalOf(request).sessionId ?? '', actorOf(request)) };
  }

  @Post('recovery-codes')
  @HttpCode(200)
  @Allow('self')
  @ApiOperation({ summary: 'New recovery codes', description: 'The old ones are good no more.' })
  @ApiResponse({ status: 200, standardSchema: CodesSchema })
  async renew(@Req() request: FastifyRequest, @Body({ schema: BothSchema }) { password, code }: z.output<typeof BothSchema>): Promise<z.output<typeof CodesSchema>> {
    return { recoveryCodes: await this.accounts.secondFactor.renewRecoveryCodes(await this.user(request), password, code, actorOf(request)) };
  }

  @Post('disable')
  @HttpCode(204)
  @Allow('self')
  @ApiOperation({ summary: 'Turn my second factor off', description: 'With the password and a code. Ends all my other sessions.' })
  async disable(@Req() request: FastifyRequest, @Body({ schema: BothSchema }) { password, code }: z.output<typeof BothSchema>): Promise<void> {
    await this.accounts.secondFactor.disable(await this.user(request), password, code, principalOf(request).sessionId ?? '', actorOf(request));
  }

  private user(request: FastifyRequest): Promise<User> {
    const { tenant, id } = principalOf(request);
    return this.accounts.users.get(tenant, id);
  }
}
