import { Body, Controller, Delete, Get, Headers, HttpCode, Inject, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { SEVERITIES } from '@wary/model/finding.js';
import { WEBHOOK_FORMATS, WEBHOOK_TYPES } from '@wary/model/webhook.js';
import type { Webhook } from '@wary/ports/webhook-store.port.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Allow } from '../auth/allow.js';
import { actorOf, principalOf } from '../auth/request-context.js';
import { entityTag, readIfMatch } from '../http/entity-tag.js';
import { cursorSchema, limitSchema } from '../http/query-schema.js';
import { DeliverySchema, detailView, type DetailView } from './delivery-view.js';
import { WEBHOOK_SERVICE, type WebhookService } from './webhook-service.js';

const url = z.string().min(1).max(2_000);
const description = z.string().trim().max(500);
const types = z.array(z.enum(WEBHOOK_TYPES)).min(1).max(WEBHOOK_TYPES.length).transform((all) => [...new Set(all)]);
const minSeverity = z.enum(SEVERITIES).nullable();
const format = z.enum(WEBHOOK_FORMATS);
const CreateSchema = z.strictObject({ url, description: description.default(''), types: types.default([...WEBHOOK_TYPES]), minSeverity: minSeverity.default(null), format: format.default('wary'), enabled: z.boolean().default(true) });
const ChangeSchema = z.strictObject({ url: url.optional(), description: description.optional(), types: types.optional(), minSeverity: minSeverity.optional(), format: format.optional(), enabled: z.boolean().optional() })
  .refine((change) => Object.keys(change).length > 0, 'name something to change');
const ListSchema = z.strictObject({ limit: limitSchema, cursor: cursorSchema });

const WebhookSchema = z.object({
  id: z.string(), tenant: z.string(), url: z.string(), description: z.string(), types: z.array(z.enum(WEBHOOK_TYPES)), minSeverity, format, enabled: z.boolean(), disabledReason: z.enum(['gone', 'failing']).nullable(), failingSince: z.number().nullable(), pausedUntil: z.number().nullable(),
  version: z.number().int(), createdAt: z.number(), createdBy: z.string(), updatedAt: z.number(), secretRotatedAt: z.number(), previousSecretUntil: z.number().nullable(),
});
const OnceSchema = WebhookSchema.extend({ secret: z.string().describe('whsec_…; told this once') });
const PageSchema = z.object({ items: z.array(WebhookSchema), next: z.string().nullable() });

@ApiTags('webhooks')
@Controller('v1/webhooks')
export class WebhooksController {
  constructor(@Inject(WEBHOOK_SERVICE) private readonly webhooks: WebhookService) {}

  @Get()
  @Allow('webhooks.manage')
  @ApiOperation({ summary: 'List webhooks' })
  @ApiResponse({ status: 200, standardSchema: PageSchema })
  list(@Req() request: FastifyRequest, @Query({ schema: ListSchema }) { limit, cursor }: z.output<typeof ListSchema>): Promise<object> {
    return this.webhooks.list(principalOf(request).tenant, limit, cursor);
  }

  @Post()
  @Allow('webhooks.manage')
  @ApiOperation({ summary: 'Add a webhook', description: 'Answers its secret once. Messages are signed per Standard Webhooks; https to public addresses, others as WARY_WEBHOOK_ALLOW lists them.' })
  @ApiResponse({ status: 201, standardSchema: OnceSchema })
  async create(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body({ schema: CreateSchema }) body: z.output<typeof CreateSchema>): Promise<object> {
    const { webhook, secret } = await this.webhooks.create(principalOf(request).tenant, body, actorOf(request));
    return { ...tagged(reply, webhook), secret };
  }

  @Get(':id')
  @Allow('webhooks.manage')
  @ApiOperation({ summary: 'One webhook' })
  @ApiResponse({ status: 200, standardSchema: WebhookSchema })
  async one(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string): Promise<Webhook> {
    return tagged(reply, await this.webhooks.get(principalOf(request).tenant, id));
  }

  @Patch(':id')
  @Allow('webhooks.manage')
  @ApiOperation({ summary: 'Change a webhook, or switch it on or off' })
  @ApiResponse({ status: 200, standardSchema: WebhookSchema })
  async change(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string, @Body({ schema: ChangeSchema }) body: z.output<typeof ChangeSchema>, @Headers('if-match') ifMatch?: string): Promise<Webhook> {
    return tagged(reply, await this.webhooks.change(principalOf(request).tenant, id, body, actorOf(request), readIfMatch(ifMatch)));
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow('webhooks.manage')
  @ApiOperation({ summary: 'Remove a webhook and its delivery log' })
  async remove(@Req() request: FastifyRequest, @Param('id') id: string): Promise<void> {
    await this.webhooks.remove(principalOf(request).tenant, id, actorOf(request));
  }

  @Post(':id/rotate')
  @HttpCode(200)
  @Allow('webhooks.manage')
  @ApiOperation({ summary: 'A new secret', description: 'For 24 hours messages carry signatures of both.' })
  @ApiResponse({ status: 200, standardSchema: OnceSchema })
  async rotate(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string, @Headers('if-match') ifMatch?: string): Promise<object> {
    const { webhook, secret } = await this.webhooks.rotate(principalOf(request).tenant, id, actorOf(request), readIfMatch(ifMatch));
    return { ...tagged(reply, webhook), secret };
  }

  @Post(':id/test')
  @HttpCode(200)
  @Allow('webhooks.manage')
  @ApiOperation({ summary: 'Send a test message now', description: 'Type webhook.test; answers with request and response.' })
  @ApiResponse({ status: 200, standardSchema: DeliverySchema })
  async test(@Req() request: FastifyRequest, @Param('id') id: string): Promise<DetailView> {
    return detailView(await this.webhooks.test(principalOf(request).tenant, id));
  }
}

function tagged(reply: FastifyReply, webhook: Webhook): Webhook {
  void reply.header('etag', entityTag(webhook.version));
  return webhook;
}
