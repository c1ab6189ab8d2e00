import { Module, type DynamicModule } from '@nestjs/common';
import { DeliveriesController } from './deliveries.controller.js';
import { WEBHOOK_SERVICE, type WebhookService } from './webhook-service.js';
import { WebhooksController } from './webhooks.controller.js';

@Module({})
export class WebhooksModule {
  static forRoot({ webhooks }: { webhooks: WebhookService }): DynamicModule {
    return { module: WebhooksModule, controllers: [WebhooksController, DeliveriesController], providers: [{ provide: WEBHOOK_SERVICE, useValue: webhooks }] };
  }
}
