import { Controller, Get, Inject, Module, type DynamicModule } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { PROCESS_REGISTRY, type KnownProcess, type ProcessRegistry } from '@wary/ports/process-registry.port.js';
import { z } from 'zod';
import { Allow } from '../auth/allow.js';

const ProcessSchema = z.object({
  id: z.string(), kind: z.string(), host: z.string(), internalUrl: z.string().nullable(), version: z.string(), topicPartitions: z.number().int().nullable(), partitions: z.array(z.number().int()).describe('of the log of record, that it scores'),
  load: z.object({ eventsPerSecond: z.number(), lagMs: z.number() }).nullable().describe('events accepted a second, and from stored to scored in milliseconds'), startedAt: z.number(), heartbeatAt: z.number(), alive: z.boolean().describe('it has been heard of lately'),
});

/** Who is there, for those who run the installation. */
@ApiTags('operations')
@Controller('v1/processes')
export class ProcessesController {
  constructor(@Inject(PROCESS_REGISTRY) private readonly registry: ProcessRegistry) {}

  @Get()
  @Allow('settings.manage')
  @ApiOperation({ summary: 'The processes of the installation', description: 'Those that have been heard of within the last hour; one that ended in order is not among them. Empty where everything runs in one process.' })
  @ApiResponse({ status: 200, standardSchema: z.object({ items: z.array(ProcessSchema), next: z.null() }) })
  async list(): Promise<{ items: KnownProcess[]; next: null }> {
    return { items: await this.registry.list(), next: null };
  }
}

@Module({})
export class ProcessesModule {
  static forRoot(registry: ProcessRegistry): DynamicModule {
    return { module: ProcessesModule, controllers: [ProcessesController], providers: [{ provide: PROCESS_REGISTRY, useValue: registry }] };
  }
}
