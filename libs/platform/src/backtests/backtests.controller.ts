import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Backtest } from '@wary/model/backtest.js';
import { EntitySchema, SEVERITIES } from '@wary/model/finding.js';
import { CLOCK, type Clock } from '@wary/ports/clock.port.js';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Allow } from '../auth/allow.js';
import { actorOf, principalOf } from '../auth/request-context.js';
import { DETECTOR_SERVICE, type DetectorService } from '../detectors/detector-service.js';
import { NamedChangeSchema } from '../detectors/detectors.controller.js';
import { AUDIT_NOTE, type AuditNote } from '../ingest/dead-letters.controller.js';
import { BACKTEST_BUDGET_PER_DAY, BACKTEST_LIMITS } from './backtest.js';
import { BACKTEST_SERVICE, type BacktestService } from './backtest-service.js';

/** The budget as it stands. */
export const BUDGET_PER_DAY = Symbol.for('wary.BudgetPerDay');

const StartSchema = z.strictObject({
  days: z.number().int().min(1).max(BACKTEST_LIMITS.daysMax).default(14).describe('the period: so many days up to now; what is stored before warms the detectors up'),
  detectors: z.array(NamedChangeSchema).max(100).default([]).describe('as for PATCH /v1/detectors'),
  budgetPerDay: z.number().min(BACKTEST_BUDGET_PER_DAY.min).max(BACKTEST_BUDGET_PER_DAY.max).nullable().default(null).describe('false alarms accepted a day, in place of the present budget'),
  inject: z.boolean().default(false).describe("also measure recall on the simulator's attacks, put into a copy of the stream; takes twice the time"),
}).refine(({ detectors, budgetPerDay, inject }) => detectors.length > 0 || budgetPerDay !== null || inject, 'name a detector or a budget to change, or ask for attacks to be injected')
  .refine(({ detectors }) => new Set(detectors.map(({ id }) => id)).size === detectors.length, 'name each detector once');

const Share = { value: z.number(), low: z.number(), high: z.number() };
const AlertSchema = z.object({
  id: z.string(), entity: EntitySchema, detector: z.string(), reason: z.string(), severity: z.enum(SEVERITIES), strength: z.number(), title: z.string(), summary: z.string(),
  firstSeen: z.number(), lastSeen: z.number(), historical: z.boolean(), findings: z.number().int(), confirmed: z.boolean().nullable().describe('what people said of the alert that was really raised'),
});
const OutcomeSchema = z.object({
  alerts: z.number().int(), alertsPerDay: z.number(), bySeverity: z.record(z.string(), z.number().int()), byDetector: z.record(z.string(), z.number().int()),
  precision: z.object({ ...Share, confirmed: z.number().int(), judged: z.number().int() }).nullable().describe('of the alerts that match one with a verdict, with its 95 % interval'),
});
const RecallSchema = z.object({ ...Share, found: z.number().int(), injected: z.number().int() }).nullable();
const BacktestSchema = z.object({
  id: z.string(), state: z.enum(['running', 'done', 'cancelled', 'failed']),
  change: z.object({ detectors: z.array(z.object({ id: z.string(), enabled: z.boolean().optional(), weight: z.number().optional(), thresholds: z.record(z.string(), z.number().nullable()).optional() })), budgetPerDay: z.number().nullable(), inject: z.boolean() }),
  days: z.number(), from: z.number(), to: z.number(), startedAt: z.number(), startedBy: z.string(), finishedAt: z.number().nullable(), eventsTotal: z.number().int(), eventsRead: z.number().int(),
  truncated: z.boolean().describe('there are more stored events than one backtest takes: the warm-up, or the period too, begins later'), error: z.string().nullable(),
  result: z.object({
    days: z.number(), events: z.object({ warmUp: z.number().int(), period: z.number().int(), warmUpFrom: z.number().nullable() }),
    current: OutcomeSchema, proposed: OutcomeSchema, difference: z.object({ added: z.number().int(), removed: z.number().int(), same: z.number().int() }), added: z.array(AlertSchema), removed: z.array(AlertSchema),
    recall: z.object({
      current: RecallSchema, proposed: RecallSchema, left: z.array(z.string()).describe('attacks that nobody in this tenant could play, or that ran past the last event'),
      attacks: z.array(z.object({ id: z.string(), kind: z.string(), entity: EntitySchema, start: z.number(), end: z.number(), events: z.number().int(), current: z.boolean(), proposed: z.boolean() })),
    }).nullable(),
    beyond: z.object({ alerts: z.number().int(), entities: z.number().int() }), seconds: z.number(), timesLive: z.number().describe('event time run through, over the time it took'),
  }).nullable(),
});

/** Changes of the detectors, tried on what is stored before they are made. */
@ApiTags('backtests')
@Controller('v1/backtests')
export class BacktestsController {
  constructor(
    @Inject(BACKTEST_SERVICE) private readonly backtests: BacktestService,
    @Inject(DETECTOR_SERVICE) private readonly detectors: DetectorService,
    @Inject(BUDGET_PER_DAY) private readonly budgetPerDay: number,
    @Inject(AUDIT_NOTE) private readonly audit: AuditNote,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Allow('detectors.tune')
  @ApiOperation({ summary: 'Backtests of the last day, newest first' })
  @ApiResponse({ status: 200, standardSchema: z.object({ items: z.array(BacktestSchema), next: z.null() }) })
  async list(@Req() request: FastifyRequest): Promise<{ items: Backtest[]; next: null }> {
    return { items: await this.backtests.list(principalOf(request).tenant), next: null };
  }

  @Post()
  @HttpCode(202)
  @Allow('detectors.tune')
  @ApiOperation({
    summary: 'Try changed settings on stored events',
    description: 'Runs the settings as they stand and the proposed ones over the same stored events, warmed up by what came before the period, without look-ahead: the alerts each would have raised and the difference. Rules are left out (they have previews), and so are suppressions. One at a time for each tenant; ask for the answer by its id. Audited.',
  })
  @ApiResponse({ status: 202, standardSchema: BacktestSchema })
  async start(@Req() request: FastifyRequest, @Body({ schema: StartSchema }) { days, detectors, budgetPerDay, inject }: z.output<typeof StartSchema>): Promise<Backtest> {
    const { tenant } = principalOf(request);
    const actor = actorOf(request);
    const [current, proposed] = await Promise.all([this.detectors.settings(tenant), this.detectors.propose(tenant, detectors)]);
    const change = { detectors, budgetPerDay, inject };
    const started = await this.backtests.start(tenant, {
      change, days, by: actor.name, current: { settings: current, budgetPerDay: this.budgetPerDay }, proposed: { settings: proposed, budgetPerDay: budgetPerDay ?? this.budgetPerDay },
    });
    await this.audit({ tenant, at: this.clock.now(), actor, action: 'backtest.start', target: `backtest:${started.id}`, before: null, after: { ...change, days } });
    return started;
  }

  @Get(':backtestId')
  @Allow('detectors.tune')
  @ApiOperation({ summary: 'How far it is, and what came out' })
  @ApiResponse({ status: 200, standardSchema: BacktestSchema })
  one(@Req() request: FastifyRequest, @Param('backtestId') id: string): Backtest | Promise<Backtest> {
    return this.backtests.get(principalOf(request).tenant, id);
  }

  @Delete(':backtestId')
  @Allow('detectors.tune')
  @ApiOperation({ summary: 'Cancel it', description: 'There is no result then.' })
  @ApiResponse({ status: 200, standardSchema: BacktestSchema })
  async cancel(@Req() request: FastifyRequest, @Param('backtestId') id: string): Promise<Backtest> {
    const { tenant } = principalOf(request);
    const before = (await this.backtests.get(tenant, id)).state;
    const cancelled = await this.backtests.cancel(tenant, id);
    if (before === 'running') await this.audit({ tenant, at: this.clock.now(), actor: actorOf(request), action: 'backtest.cancel', target: `backtest:${id}`, before: { state: before }, after: { state: cancelled.state } });
    return cancelled;
  }
}
