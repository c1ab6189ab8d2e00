import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Allow } from '../auth/allow.js';
import { actorOf, principalOf } from '../auth/request-context.js';
import { cursorSchema, limitSchema } from '../http/query-schema.js';
import { DELIVERY_STATUSES, DeliverySchema, DeliverySummarySchema, detailView, type DetailView } from './delivery-view.js';
import { WEBHOOK_SERVICE, type WebhookService } from './webhook-service.js';

const ListSchema = z.strictObject({ status: z.enum(DELIVERY_STATUSES).optional(), limit: limitSchema, cursor: cursorSchema });
const RecoverSchema = z.strictObject({ since: z.union([z.number().int().nonnegative(), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))]) });
const RecoveredSchema = z.object({ requeued: z.number().int() });
const PageSchema = z.object({ items: z.array(DeliverySummarySchema), next: z.string().nullable() });

@ApiTags('webhooks')
@Controller('v1/webhooks/:id')
export class DeliveriesController {
  constructor(@Inject(WEBHOOK_SERVICE) private readonly webhooks: WebhookService) {}

  @Get('deliveries')
  @Allow('webhooks.manage')
  @ApiOperation({ summary: 'The delivery log', description: 'Newest first.' })
  @ApiResponse({ status: 200, standardSchema: PageSchema })
  list(@Req() request: FastifyRequest, @Param('id') id: string, @Query({ schema: ListSchema }) query: z.output<typeof ListSchema>): Promise<object> {
    return this.webhooks.deliveries(principalOf(request).tenant, id, query);
  }

  @Get('deliveries/:deliveryId')
  @Allow('webhooks.manage')
  @ApiOperation({ summary: 'One delivery with every request and response' })
  @ApiResponse({ status: 200, standardSchema: DeliverySchema })
  async one(@Req() request: FastifyRequest, @Param('id') id: string, @Param('deliveryId') deliveryId: string): Promise<DetailView> {
    return detailView(await this.webhooks.delivery(principalOf(request).tenant, id, deliveryId));
  }

  @Post('deliveries/:deliveryId/replay')
  @HttpCode(202)
  @Allow('webhooks.manage')
  @ApiOperation({ summary: 'Send a message again', description: 'Under the same webhook-id, on a new schedule.' })
  @ApiResponse({ status: 202, standardSchema: DeliverySummarySchema })
  replay(@Req() request: FastifyRequest, @Param('id') id: string, @Param('deliveryId') deliveryId: string): Promise<object> {
    return this.webhooks.replay(principalOf(request).tenant, id, deliveryId, actorOf(request));
  }

  @Post('recover')
  @HttpCode(202)
  @Allow('webhooks.manage')
  @ApiOperation({ summary: 'Send again everything that failed since' })
  @ApiResponse({ status: 202, standardSchema: RecoveredSchema })
  async recover(@Req() request: FastifyRequest, @Param('id') id: string, @Body({ schema: RecoverSchema }) { since }: z.output<typeof RecoverSchema>): Promise<z.output<typeof RecoveredSchema>> {
    return { requeued: await this.webhooks.recover(principalOf(request).tenant, id, since, actorOf(request)) };
  }
}
