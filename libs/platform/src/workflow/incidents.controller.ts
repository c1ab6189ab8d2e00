import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { VERDICTS } from '@wary/model/alert.js';
import { SEVERITIES } from '@wary/model/finding.js';
import { INCIDENT_STATES, IncidentSchema, type Incident } from '@wary/model/incident.js';
import { WaryError } from '@wary/model/errors.js';
import { API_LIMITS } from '@wary/model/limits.js';
import { CLOCK, type Clock } from '@wary/ports/clock.port.js';
import { WORKFLOW, type IncidentAction, type Workflow } from '@wary/ports/workflow.port.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Allow } from '../auth/allow.js';
import { actorOf, principalOf } from '../auth/request-context.js';
import { entityTag, readIfMatch } from '../http/entity-tag.js';
import { answerList } from '../http/list-format.js';
import { booleanSchema, cursorSchema, entitySchema, limitSchema, listOf, textSchema } from '../http/query-schema.js';
import { ASSIGNEES, type Assignees } from './assignees.js';

const ListSchema = z.strictObject({
  state: listOf(INCIDENT_STATES), severity: listOf(SEVERITIES), entity: entitySchema, assignee: textSchema, open: booleanSchema, q: textSchema, limit: limitSchema, cursor: cursorSchema,
});
const alertIds = z.array(z.string().min(1).max(100)).max(API_LIMITS.bulkItemsMax);
const CreateSchema = z.strictObject({ title: z.string().trim().min(1).max(300), alertIds: alertIds.min(1, 'an incident begins with at least one alert') });
const AssignSchema = z.strictObject({ assignee: z.email().max(320).nullable() });
const TransitionSchema = z.strictObject({ to: z.enum(INCIDENT_STATES), reason: z.string().trim().max(API_LIMITS.reasonCharsMax).default(''), verdict: z.enum(VERDICTS).nullable().default(null) });
const NoteSchema = z.strictObject({ text: z.string().trim().min(1).max(API_LIMITS.noteCharsMax) });
const AlertsSchema = z.strictObject({ add: alertIds.default([]), remove: alertIds.default([]) }).refine(({ add, remove }) => add.length + remove.length > 0, 'name alerts to add or to remove');
const MergeSchema = z.strictObject({ into: z.string().min(1).max(100) });

@ApiTags('incidents')
@Controller('v1/incidents')
export class IncidentsController {
  constructor(@Inject(WORKFLOW) private readonly workflow: Workflow, @Inject(ASSIGNEES) private readonly assignees: Assignees, @Inject(CLOCK) private readonly clock: Clock) {}

  @Get()
  @Allow('read')
  @ApiOperation({ summary: 'List incidents', description: 'CSV or NDJSON by Accept.' })
  @ApiResponse({ status: 200, standardSchema: z.object({ items: z.array(IncidentSchema), next: z.string().nullable() }) })
  async list(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Query({ schema: ListSchema }) query: z.output<typeof ListSchema>): Promise<unknown> {
    return answerList(request.headers.accept, await this.workflow.listIncidents({ tenant: principalOf(request).tenant, ...query }), reply);
  }

  @Post()
  @HttpCode(201)
  @Allow('incidents.work')
  @ApiOperation({ summary: 'Open an incident from alerts' })
  @ApiResponse({ status: 201, standardSchema: IncidentSchema })
  async create(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body({ schema: CreateSchema }) body: z.output<typeof CreateSchema>): Promise<Incident> {
    return tagged(reply, await this.workflow.createIncident(principalOf(request).tenant, body.title, body.alertIds, actorOf(request), this.clock.now()));
  }

  @Get(':id')
  @Allow('read')
  @ApiOperation({ summary: 'One incident' })
  @ApiResponse({ status: 200, standardSchema: IncidentSchema })
  async one(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string): Promise<Incident> {
    return tagged(reply, await this.workflow.getIncident(principalOf(request).tenant, id));
  }

  @Post(':id/acknowledge')
  @HttpCode(200)
  @Allow('incidents.work')
  @ApiOperation({ summary: 'Acknowledge an incident' })
  acknowledge(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string, @Headers('if-match') ifMatch?: string): Promise<Incident> {
    return this.act(request, reply, id, { kind: 'acknowledge' }, ifMatch);
  }

  @Post(':id/assign')
  @HttpCode(200)
  @Allow('incidents.work')
  @ApiOperation({ summary: 'Assign an incident' })
  async assign(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string, @Body({ schema: AssignSchema }) body: z.output<typeof AssignSchema>, @Headers('if-match') ifMatch?: string): Promise<Incident> {
    await this.assignees.check(principalOf(request).tenant, body.assignee);
    return this.act(request, reply, id, { kind: 'assign', ...body }, ifMatch);
  }

  @Post(':id/transition')
  @HttpCode(200)
  @Allow('incidents.work')
  @ApiOperation({ summary: 'Move an incident', description: 'Closing needs a verdict, a reason and the permission incidents.close. An illegal move answers 409 with the allowed ones.' })
  transition(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string, @Body({ schema: TransitionSchema }) body: z.output<typeof TransitionSchema>, @Headers('if-match') ifMatch?: string): Promise<Incident> {
    if (body.to === 'closed') {
      if (!principalOf(request).actions.has('incidents.close')) throw new WaryError('forbidden', 'Closing needs the permission incidents.close');
      const errors = [...(body.verdict === null ? [{ path: 'verdict', message: 'is required to close' }] : []), ...(body.reason === '' ? [{ path: 'reason', message: 'is required to close' }] : [])];
      if (errors.length > 0) throw new WaryError('validation_failed', 'Closing needs a verdict and a reason', { errors });
    }
    return this.act(request, reply, id, { kind: 'transition', ...body }, ifMatch);
  }

  @Post(':id/notes')
  @HttpCode(200)
  @Allow('incidents.work')
  @ApiOperation({ summary: 'Add a note' })
  note(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string, @Body({ schema: NoteSchema }) body: z.output<typeof NoteSchema>, @Headers('if-match') ifMatch?: string): Promise<Incident> {
    return this.act(request, reply, id, { kind: 'note', ...body }, ifMatch);
  }

  @Post(':id/alerts')
  @HttpCode(200)
  @Allow('incidents.work')
  @ApiOperation({ summary: 'Attach and detach alerts' })
  alerts(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string, @Body({ schema: AlertsSchema }) body: z.output<typeof AlertsSchema>, @Headers('if-match') ifMatch?: string): Promise<Incident> {
    return this.act(request, reply, id, { kind: 'alerts', ...body }, ifMatch);
  }

  @Post(':id/merge')
  @HttpCode(200)
  @Allow('incidents.merge')
  @ApiOperation({ summary: 'Merge this incident into another', description: 'Both ids stay; unmerge takes it back.' })
  merge(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string, @Body({ schema: MergeSchema }) body: z.output<typeof MergeSchema>, @Headers('if-match') ifMatch?: string): Promise<Incident> {
    return this.act(request, reply, id, { kind: 'merge', ...body }, ifMatch);
  }

  @Post(':id/unmerge')
  @HttpCode(200)
  @Allow('incidents.merge')
  @ApiOperation({ summary: 'Take a merge back' })
  unmerge(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string, @Headers('if-match') ifMatch?: string): Promise<Incident> {
    return this.act(request, reply, id, { kind: 'unmerge' }, ifMatch);
  }

  private async act(request: FastifyRequest, reply: FastifyReply, id: string, action: IncidentAction, ifMatch: string | undefined): Promise<Incident> {
    return tagged(reply, await this.workflow.actOnIncident(principalOf(request).tenant, id, action, actorOf(request), this.clock.now(), readIfMatch(ifMatch)));
  }
}

function tagged(reply: FastifyReply, incident: Incident): Incident {
  void reply.header('etag', entityTag(incident.version));
  return incident;
}
