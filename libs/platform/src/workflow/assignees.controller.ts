import { Controller, Get, Inject, Req } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Allow } from '../auth/allow.js';
import { principalOf } from '../auth/request-context.js';
import { ASSIGNEES, type Assignee, type Assignees } from './assignees.js';

const AssigneeListSchema = z.object({ items: z.array(z.object({ email: z.string(), name: z.string() })), next: z.null() });

@ApiTags('alerts')
@Controller('v1/assignees')
export class AssigneesController {
  constructor(@Inject(ASSIGNEES) private readonly assignees: Assignees) {}

  @Get()
  @Allow('alerts.work')
  @ApiOperation({ summary: 'List who can be given work', description: 'Enabled users who may work alerts, by e-mail. Their other settings are for administrators.' })
  @ApiResponse({ status: 200, standardSchema: AssigneeListSchema })
  async list(@Req() request: FastifyRequest): Promise<{ items: Assignee[]; next: null }> {
    return { items: await this.assignees.list(principalOf(request).tenant), next: null };
  }
}
