import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { WaryError } from '@wary/model/errors.js';
import { API_LIMITS } from '@wary/model/limits.js';
import { loadRules } from '@wary/rules/load-rules.js';
import { splitBundles } from '@wary/rules/rule-bundles.js';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Allow } from '../auth/allow.js';
import { principalOf } from '../auth/request-context.js';
import { PREVIEW_LIMITS, RULE_PREVIEWS, type Preview, type PreviewRequest, type RulePreviews } from './rule-previews.js';
import { assertExclusions, RULE_SERVICE, type RuleService } from './rule-service.js';
import { ExclusionsSchema } from './rules.controller.js';

const StartSchema = z.strictObject({
  rule: z.string().min(1).max(200).optional().describe('a rule that is there'), text: z.string().min(1).max(API_LIMITS.bodyBytesMax).optional().describe('YAML in place of its text, or of a rule that is not there yet'),
  exclusions: ExclusionsSchema.optional().describe('in place of those it has'), days: z.number().int().min(1).max(PREVIEW_LIMITS.daysMax).default(14),
}).refine(({ rule, text }) => rule !== undefined || text !== undefined, 'name a rule, or send a text');

const SampleSchema = z.object({
  time: z.number(), entity: z.object({ type: z.string(), id: z.string() }), eventIds: z.array(z.string()),
  matched: z.array(z.object({ selection: z.string(), field: z.string(), value: z.string(), pattern: z.string() })),
});
const PreviewSchema = z.object({
  id: z.string(), rule: z.string(), state: z.enum(['running', 'done', 'cancelled', 'failed']), from: z.number(), to: z.number(), startedAt: z.number(), finishedAt: z.number().nullable(), eventsTotal: z.number().int(), eventsRead: z.number().int(), truncated: z.boolean(),
  matches: z.object({ before: z.number().int().describe('as the rule stands'), after: z.number().int().describe('as it would be'), hidden: z.number().int() }), entities: z.number().int(),
  samples: z.object({ kept: z.array(SampleSchema), hidden: z.array(SampleSchema) }), error: z.string().nullable(),
});

/** Rules over stored events: what one would have matched, and what a tuning would have hidden. */
@ApiTags('rules')
@Controller('v1/rules/previews')
export class RulePreviewsController {
  constructor(@Inject(RULE_PREVIEWS) private readonly previews: RulePreviews, @Inject(RULE_SERVICE) private readonly rules: RuleService) {}

  @Get()
  @Allow('alerts.work')
  @ApiOperation({ summary: 'Previews of the last hour, newest first' })
  @ApiResponse({ status: 200, standardSchema: z.object({ items: z.array(PreviewSchema), next: z.null() }) })
  async list(@Req() request: FastifyRequest): Promise<{ items: Preview[]; next: null }> {
    return { items: await this.previews.list(principalOf(request).tenant), next: null };
  }

  @Post()
  @HttpCode(202)
  @Allow('alerts.work')
  @ApiOperation({ summary: 'Search stored events with a rule', description: 'Of the last days, in the order of time, beside the stream. Ask for the answer by its id; it grows while the search runs.' })
  @ApiResponse({ status: 202, standardSchema: PreviewSchema })
  start(@Req() request: FastifyRequest, @Body({ schema: StartSchema }) body: z.output<typeof StartSchema>): Preview | Promise<Preview> {
    const { tenant } = principalOf(request);
    return this.previews.start(tenant, { ...this.proposalOf(tenant, body), days: body.days });
  }

  @Get(':previewId')
  @Allow('alerts.work')
  @ApiOperation({ summary: 'How far it is, and what it found' })
  @ApiResponse({ status: 200, standardSchema: PreviewSchema })
  one(@Req() request: FastifyRequest, @Param('previewId') id: string): Preview | Promise<Preview> {
    return this.previews.get(principalOf(request).tenant, id);
  }

  @Delete(':previewId')
  @Allow('alerts.work')
  @ApiOperation({ summary: 'Cancel it', description: 'What it found until then stays for an hour.' })
  @ApiResponse({ status: 200, standardSchema: PreviewSchema })
  cancel(@Req() request: FastifyRequest, @Param('previewId') id: string): Preview | Promise<Preview> {
    return this.previews.cancel(principalOf(request).tenant, id);
  }

  private proposalOf(tenant: string, { rule, text, exclusions }: z.output<typeof StartSchema>): Omit<PreviewRequest, 'days'> {
    const standing = [...this.rules.of(tenant).stored.values()].filter(({ removed }) => !removed);
    const own = rule === undefined ? null : this.rules.get(tenant, rule);
    const id = rule ?? leadOf(text!);
    const proposed = { rule: id, version: own?.version ?? 1, text: text ?? own!.text, level: null, exclusions: exclusions ?? own?.exclusions ?? [], enabled: true, removed: false };
    if (text !== undefined) assertText(text, standing.filter((each) => each.rule !== id && each.enabled).map((each) => ({ path: each.rule, text: each.text })));
    assertExclusions(proposed);
    return { rule: id, standing, proposed };
  }
}

const refused = (errors: readonly { path: string; message: string; line?: number }[]): WaryError => new WaryError('validation_failed', undefined, { errors });

function leadOf(text: string): string {
  const { bundles, problems } = splitBundles(text);
  if (problems.length > 0) throw refused(problems.map(({ code, message, line, column }) => ({ path: `${line}:${column}`, line, message: `${code}: ${message}` })));
  if (bundles.length !== 1) throw refused([{ path: 'text', message: 'a preview takes one rule, or one correlation with the rules that feed it' }]);
  return bundles[0]!.id;
}

function assertText(text: string, others: readonly { readonly path: string; readonly text: string }[]): void {
  const errors = loadRules([...others, { path: '', text }]).problems.filter(({ file, severity }) => file === '' && severity === 'error');
  if (errors.length > 0) throw refused(errors.map(({ code, message, line, column }) => ({ path: `${line}:${column}`, line, message: `${code}: ${message}` })));
}
