import { Body, Controller, Delete, Get, Headers, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ALERT_STATUSES, AlertSchema, SuppressionSchema, SuppressionScopeSchema, VERDICTS, type Alert } from '@wary/model/alert.js';
import { SEVERITIES } from '@wary/model/finding.js';
import { WaryError } from '@wary/model/errors.js';
import { API_LIMITS } from '@wary/model/limits.js';
import type { Action } from '@wary/model/permissions.js';
import { CLOCK, type Clock } from '@wary/ports/clock.port.js';
import { WORKFLOW, type AlertAction, type SuppressionPreview, type Workflow } from '@wary/ports/workflow.port.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Allow } from '../auth/allow.js';
import { actorOf, principalOf } from '../auth/request-context.js';
import { entityTag, readIfMatch } from '../http/entity-tag.js';
import { answerList } from '../http/list-format.js';
import { booleanSchema, cursorSchema, entitySchema, limitSchema, listOf, textSchema, timeSchema } from '../http/query-schema.js';
import { ASSIGNEES, type Assignees } from './assignees.js';

const FilterSchema = z.strictObject({
  status: listOf(ALERT_STATUSES), severity: listOf(SEVERITIES), entity: entitySchema, detector: textSchema, from: timeSchema, to: timeSchema,
  historical: booleanSchema, incidentId: textSchema, assignee: textSchema, q: textSchema,
});
const ListSchema = FilterSchema.extend({ sort: z.enum(['newest', 'severity', 'lastSeen']).optional(), limit: limitSchema, cursor: cursorSchema });

const reason = z.string().trim().min(1, 'say why').max(API_LIMITS.reasonCharsMax);
const timeInput = z.union([z.number().int().positive(), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))]);
const AssignSchema = z.strictObject({ assignee: z.email().max(320).nullable() });
const NoteSchema = z.strictObject({ text: z.string().trim().min(1).max(API_LIMITS.noteCharsMax) });
const ResolveSchema = z.strictObject({ verdict: z.enum(VERDICTS), reason });
const SuppressSchema = z.strictObject({ scope: SuppressionScopeSchema, until: timeInput, reason });
const BulkSchema = z.strictObject({
  ids: z.array(z.string().min(1).max(100)).min(1).max(API_LIMITS.bulkItemsMax),
  action: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('acknowledge') }), z.strictObject({ kind: z.literal('reopen') }),
    AssignSchema.extend({ kind: z.literal('assign') }), NoteSchema.extend({ kind: z.literal('note') }),
    ResolveSchema.extend({ kind: z.literal('resolve') }), SuppressSchema.extend({ kind: z.literal('suppress') }),
  ]),
});
const PreviewSchema = z.strictObject({
  scope: SuppressionScopeSchema.optional(), scopes: z.array(SuppressionScopeSchema).min(1).max(API_LIMITS.bulkItemsMax).optional().describe('several at once; an alert in more than one counts once'),
  days: z.number().int().min(1).max(90).default(14),
}).refine(({ scope, scopes }) => (scope === undefined) !== (scopes === undefined), 'send a scope, or several scopes');
const PreviewAnswerSchema = z.object({
  alerts: z.number().int().describe('all alerts of that time'), matched: z.number().int().describe('those that would have been hidden'), entities: z.number().int(), confirmed: z.number().int().describe('those of them that people have confirmed'),
  confirmedAlerts: z.array(AlertSchema.pick({ id: true, title: true, entity: true, severity: true, lastSeen: true })).describe('the latest of them'),
});

const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().nullable() });

@ApiTags('alerts')
@Controller('v1/alerts')
export class AlertsController {
  constructor(@Inject(WORKFLOW) private readonly workflow: Workflow, @Inject(ASSIGNEES) private readonly assignees: Assignees, @Inject(CLOCK) private readonly clock: Clock) {}

  @Get()
  @Allow('read')
  @ApiOperation({ summary: 'List alerts', description: 'Newest first; every filter may be left out. CSV or NDJSON by Accept.' })
  @ApiResponse({ status: 200, standardSchema: pageOf(AlertSchema) })
  async list(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Query({ schema: ListSchema }) query: z.output<typeof ListSchema>): Promise<unknown> {
    return answerList(request.headers.accept, await this.workflow.listAlerts({ tenant: principalOf(request).tenant, ...query }), reply);
  }

  @Get('counts')
  @Allow('read')
  @ApiOperation({ summary: 'Count alerts by severity and status' })
  counts(@Req() request: FastifyRequest, @Query({ schema: FilterSchema }) query: z.output<typeof FilterSchema>): Promise<object> {
    return this.workflow.countAlerts({ tenant: principalOf(request).tenant, ...query });
  }

  @Post('actions')
  @HttpCode(200)
  @Allow('alerts.work')
  @ApiOperation({ summary: 'Act on many alerts', description: 'One result an alert; what fails does not stop the others.' })
  async bulk(@Req() request: FastifyRequest, @Body({ schema: BulkSchema }) { ids, action }: z.output<typeof BulkSchema>): Promise<object> {
    if (action.kind === 'suppress') demand(request, 'alerts.suppress');
    if (action.kind === 'assign') await this.assignees.check(principalOf(request).tenant, action.assignee);
    return { results: await this.workflow.actOnAlerts(principalOf(request).tenant, [...new Set(ids)], this.checked(action), actorOf(request), this.clock.now()) };
  }

  @Get(':id')
  @Allow('read')
  @ApiOperation({ summary: 'One alert' })
  @ApiResponse({ status: 200, standardSchema: AlertSchema })
  async one(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string): Promise<Alert> {
    return tagged(reply, await this.workflow.getAlert(principalOf(request).tenant, id));
  }

  @Post(':id/acknowledge')
  @HttpCode(200)
  @Allow('alerts.work')
  @ApiOperation({ summary: 'Acknowledge an alert' })
  acknowledge(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string, @Headers('if-match') ifMatch?: string): Promise<Alert> {
    return this.act(request, reply, id, { kind: 'acknowledge' }, ifMatch);
  }

  @Post(':id/assign')
  @HttpCode(200)
  @Allow('alerts.work')
  @ApiOperation({ summary: 'Assign an alert to a person, or to nobody with null' })
  async assign(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string, @Body({ schema: AssignSchema }) body: z.output<typeof AssignSchema>, @Headers('if-match') ifMatch?: string): Promise<Alert> {
    await this.assignees.check(principalOf(request).tenant, body.assignee);
    return this.act(request, reply, id, { kind: 'assign', ...body }, ifMatch);
  }

  @Post(':id/notes')
  @HttpCode(200)
  @Allow('alerts.work')
  @ApiOperation({ summary: 'Add a note' })
  note(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string, @Body({ schema: NoteSchema }) body: z.output<typeof NoteSchema>, @Headers('if-match') ifMatch?: string): Promise<Alert> {
    return this.act(request, reply, id, { kind: 'note', ...body }, ifMatch);
  }

  @Post(':id/resolve')
  @HttpCode(200)
  @Allow('alerts.work')
  @ApiOperation({ summary: 'Resolve an alert with a verdict and a reason' })
  resolve(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string, @Body({ schema: ResolveSchema }) body: z.output<typeof ResolveSchema>, @Headers('if-match') ifMatch?: string): Promise<Alert> {
    return this.act(request, reply, id, { kind: 'resolve', ...body }, ifMatch);
  }

  @Post(':id/reopen')
  @HttpCode(200)
  @Allow('alerts.work')
  @ApiOperation({ summary: 'Reopen a resolved alert' })
  reopen(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string, @Headers('if-match') ifMatch?: string): Promise<Alert> {
    return this.act(request, reply, id, { kind: 'reopen' }, ifMatch);
  }

  @Post(':id/suppress')
  @HttpCode(200)
  @Allow('alerts.suppress')
  @ApiOperation({ summary: 'Suppress this and like alerts until a time', description: 'Scope, expiry and reason are required. See POST /v1/suppressions/preview first.' })
  suppress(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string, @Body({ schema: SuppressSchema }) body: z.output<typeof SuppressSchema>, @Headers('if-match') ifMatch?: string): Promise<Alert> {
    return this.act(request, reply, id, { kind: 'suppress', ...body }, ifMatch);
  }

  private async act(request: FastifyRequest, reply: FastifyReply, id: string, action: AlertAction, ifMatch: string | undefined): Promise<Alert> {
    return tagged(reply, await this.workflow.actOnAlert(principalOf(request).tenant, id, this.checked(action), actorOf(request), this.clock.now(), readIfMatch(ifMatch)));
  }

  private checked(action: AlertAction): AlertAction {
    if (action.kind === 'suppress' && action.until <= this.clock.now()) throw new WaryError('validation_failed', 'until must be in the future', { errors: [{ path: 'until', message: 'must be in the future' }] });
    return action;
  }
}

@ApiTags('suppressions')
@Controller('v1/suppressions')
export class SuppressionsController {
  constructor(@Inject(WORKFLOW) private readonly workflow: Workflow, @Inject(CLOCK) private readonly clock: Clock) {}

  @Get()
  @Allow('read')
  @ApiOperation({ summary: 'List suppressions' })
  @ApiResponse({ status: 200, standardSchema: z.object({ items: z.array(SuppressionSchema), next: z.null() }) })
  async list(@Req() request: FastifyRequest): Promise<object> {
    return { items: await this.workflow.listSuppressions(principalOf(request).tenant), next: null };
  }

  @Post('preview')
  @HttpCode(200)
  @Allow('alerts.suppress')
  @ApiOperation({ summary: 'What a suppression would have hidden', description: 'Alerts of the last days that it matches, and how many of them were confirmed.' })
  @ApiResponse({ status: 200, standardSchema: PreviewAnswerSchema })
  preview(@Req() request: FastifyRequest, @Body({ schema: PreviewSchema }) { scope, scopes, days }: z.output<typeof PreviewSchema>): Promise<SuppressionPreview> {
    return this.workflow.previewSuppression(principalOf(request).tenant, scopes ?? [scope!], days, this.clock.now());
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow('alerts.suppress')
  @ApiOperation({ summary: 'End a suppression', description: 'What it hides is triggered again.' })
  async end(@Req() request: FastifyRequest, @Param('id') id: string): Promise<void> {
    await this.workflow.endSuppression(principalOf(request).tenant, id, actorOf(request), this.clock.now());
  }
}

function tagged(reply: FastifyReply, alert: Alert): Alert {
  void reply.header('etag', entityTag(alert.version));
  return alert;
}

/** For a body that demands more than its route does. */
function demand(request: FastifyRequest, action: Action): void {
  if (!principalOf(request).actions.has(action)) throw new WaryError('forbidden', `This needs the permission ${action}`);
}
