import { Body, Controller, Delete, Get, Headers, HttpCode, Inject, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { DETECTORS } from '@wary/detect/analytics.js';
import { WaryError } from '@wary/model/errors.js';
import { TechniqueSchema } from '@wary/model/finding.js';
import { API_LIMITS } from '@wary/model/limits.js';
import { RULE_CHANGES } from '@wary/ports/rule-store.port.js';
import { LEVELS } from '@wary/rules/language/rule-model.js';
import { coverageOf } from '@wary/rules/live/techniques.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Allow } from '../auth/allow.js';
import { actorOf, principalOf } from '../auth/request-context.js';
import { DETECTOR_SERVICE, type DetectorService } from '../detectors/detector-service.js';
import { entityTag, readIfMatch } from '../http/entity-tag.js';
import { answerList } from '../http/list-format.js';
import { booleanSchema, cursorSchema, limitSchema, listOf, textSchema } from '../http/query-schema.js';
import { pageOfRules } from './rule-page.js';
import { RULE_LIMITS, RULE_SERVICE, type RuleService } from './rule-service.js';
import { detailOf, summaryOf, versionOf, type RuleSummary } from './rule-views.js';
import { RULE_HEALTH, type RuleHealthSource, type TenantHealth } from './tenant-health.js';
import { textDiff } from './text-diff.js';

const NoteSchema = z.string().trim().max(API_LIMITS.reasonCharsMax).default('');
const ValueSchema = z.union([z.string().max(2_000), z.number(), z.boolean()]);
export const ExclusionSchema = z.strictObject({
  fields: z.record(z.string().min(1).max(300), z.union([ValueSchema, z.null(), z.array(ValueSchema).min(1).max(500)])).refine((fields) => Object.keys(fields).length > 0 && Object.keys(fields).length <= RULE_LIMITS.exclusionFieldsMax, `name 1 to ${RULE_LIMITS.exclusionFieldsMax} fields`).describe('field, with Sigma modifiers if wanted, and its value; an event that has all of them is let through'),
  note: z.string().trim().max(API_LIMITS.reasonCharsMax).default(''),
});
export const ExclusionsSchema = z.array(ExclusionSchema).max(RULE_LIMITS.exclusionsMax);
export const LevelSchema = z.enum(LEVELS).nullable();

const ListSchema = z.strictObject({ q: textSchema, enabled: booleanSchema, level: listOf(LEVELS), origin: listOf(['folder', 'upload']), problem: booleanSchema, limit: limitSchema, cursor: cursorSchema });
const UploadSchema = z.strictObject({ text: z.string().min(1).max(API_LIMITS.bodyBytesMax).describe('YAML; several documents are separated by ---'), note: NoteSchema });
const TuneSchema = z.strictObject({ enabled: z.boolean().optional(), level: LevelSchema.optional().describe('null: the level in the text'), exclusions: ExclusionsSchema.optional().describe('replaces all that are there'), note: NoteSchema })
  .refine(({ enabled, level, exclusions }) => enabled !== undefined || level !== undefined || exclusions !== undefined, 'name something to change');
const RollbackSchema = z.strictObject({ version: z.number().int().min(1), note: NoteSchema });
const HistorySchema = z.strictObject({ limit: limitSchema, cursor: cursorSchema });
const VersionParam = z.coerce.number().int().min(1);

const HealthSchema = z.object({ matches: z.number().int(), lastMatchAt: z.number().nullable().describe('event time'), costUs: z.number().nullable().describe('µs an evaluation, sampled'), errors: z.number().int(), lastError: z.string().nullable() });
const ProblemSchema = z.object({ code: z.string(), message: z.string(), line: z.number().int(), column: z.number().int() });
const SummarySchema = z.object({
  id: z.string(), title: z.string(), kind: z.enum(['rule', 'correlation']), level: z.enum(LEVELS), ownLevel: z.enum(LEVELS).nullable(), status: z.string().nullable(), enabled: z.boolean(), running: z.boolean(), origin: z.enum(['folder', 'upload']), file: z.string(),
  version: z.number().int().describe('the ETag'), updatedAt: z.number(), updatedBy: z.string(), exclusions: z.number().int(), logsource: z.object({ category: z.string().nullable(), product: z.string().nullable(), service: z.string().nullable() }).nullable(),
  tags: z.array(z.string()), techniques: z.array(TechniqueSchema), problem: ProblemSchema.nullable(), health: HealthSchema,
});
const PageSchema = z.object({ items: z.array(SummarySchema), next: z.string().nullable() });
const DetailSchema = SummarySchema.extend({
  text: z.string(), note: z.string(), tuning: z.object({ level: LevelSchema, exclusions: z.array(z.object({ fields: z.record(z.string(), z.unknown()), note: z.string() })) }), description: z.string().nullable(), author: z.string().nullable(),
  references: z.array(z.string()), falsePositives: z.array(z.string()), runbook: z.string().nullable(), documents: z.array(z.object({ id: z.string(), title: z.string(), kind: z.enum(['rule', 'correlation']), matches: z.number().int() })),
});
const VersionSchema = z.object({
  version: z.number().int(), at: z.number(), by: z.string(), kind: z.enum(RULE_CHANGES), note: z.string(), enabled: z.boolean(), level: z.string().nullable(), exclusions: z.array(z.object({ fields: z.record(z.string(), z.unknown()), note: z.string() })), origin: z.enum(['folder', 'upload']), removed: z.boolean(),
});
const UploadedSchema = z.object({ items: z.array(SummarySchema), warnings: z.array(ProblemSchema) });
const CoverageSchema = z.object({ items: z.array(z.object({
  framework: z.enum(['ATT&CK', 'ATLAS']), version: z.string(), techniques: z.number().int(), covered: z.number().int(),
  tactics: z.array(z.object({ tactic: z.string(), techniques: z.array(z.object({ id: z.string(), name: z.string(), rules: z.array(z.string()).describe('ids of rules and detectors that see it; none: a gap') })) })),
})), next: z.null() });
const RunHealthSchema = z.object({
  rules: z.number().int(), running: z.number().int(), disabled: z.number().int(), broken: z.number().int(), matches: z.number().int(), errors: z.number().int(),
  problems: z.array(ProblemSchema.extend({ file: z.string() })).describe('of files in the rules folder; what ran before goes on'), correlations: z.record(z.string(), z.number()).describe('observations, late ones, and limits that were reached'),
});

/** Sigma rules: what runs, with its text, versions, tuning and health. */
@ApiTags('rules')
@Controller('v1/rules')
export class RulesController {
  constructor(@Inject(RULE_SERVICE) private readonly rules: RuleService, @Inject(RULE_HEALTH) private readonly fares: RuleHealthSource, @Inject(DETECTOR_SERVICE) private readonly detectors: DetectorService) {}

  @Get()
  @Allow('read')
  @ApiOperation({ summary: 'List rules with their health', description: 'By title. CSV or NDJSON by Accept.' })
  @ApiResponse({ status: 200, standardSchema: PageSchema })
  async list(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Query({ schema: ListSchema }) query: z.output<typeof ListSchema>): Promise<unknown> {
    const { rows } = await this.rows(principalOf(request).tenant);
    return answerList(request.headers.accept, pageOfRules(rows, query), reply);
  }

  @Get('health')
  @Allow('read')
  @ApiOperation({ summary: 'What runs, what is broken and where' })
  @ApiResponse({ status: 200, standardSchema: RunHealthSchema })
  async health(@Req() request: FastifyRequest): Promise<z.output<typeof RunHealthSchema>> {
    const { rows, fares } = await this.rows(principalOf(request).tenant);
    const sum = (pick: (row: (typeof rows)[number]) => number): number => rows.reduce((total, row) => total + pick(row), 0);
    return {
      rules: rows.length, running: sum(({ running }) => Number(running)), disabled: sum(({ enabled }) => Number(!enabled)), broken: sum(({ problem }) => Number(problem !== null)), matches: sum(({ health }) => health.matches), errors: sum(({ health }) => health.errors),
      problems: this.rules.folder.problems.map((each) => ({ ...each })), correlations: { ...fares.counts },
    };
  }

  @Get('coverage')
  @Allow('read')
  @ApiOperation({ summary: 'ATT&CK and ATLAS: what is seen by a rule or detector that runs, and what is not' })
  @ApiResponse({ status: 200, standardSchema: CoverageSchema })
  async coverage(@Req() request: FastifyRequest): Promise<z.output<typeof CoverageSchema>> {
    const { tenant: id } = principalOf(request);
    const settings = await this.detectors.settings(id);
    const running = (await this.rows(id)).rows.filter((each) => each.running);
    const items = coverageOf([...running, ...DETECTORS.filter((each) => settings[each.id]?.enabled !== false)]);
    return { items: items.map((each) => ({ ...each, tactics: each.tactics.map(({ tactic, techniques }) => ({ tactic, techniques: techniques.map((one) => ({ ...one, rules: [...one.rules] })) })) })), next: null };
  }

  @Post()
  @HttpCode(201)
  @Allow('rules.edit')
  @ApiOperation({ summary: 'Upload rules', description: 'YAML as {"text": …}, or as the body itself (application/yaml). One wrong document and nothing is taken; the answer names each by its line. A rule with a known id becomes its next version.' })
  @ApiConsumes('application/json', 'application/yaml')
  @ApiBody({ schema: { type: 'object', properties: { text: { type: 'string' }, note: { type: 'string' } } } })
  @ApiResponse({ status: 201, standardSchema: UploadedSchema })
  async upload(@Req() request: FastifyRequest): Promise<z.output<typeof UploadedSchema>> {
    const { text, note } = await readUpload(request.body);
    const { tenant: id } = principalOf(request);
    const { rules, warnings } = await this.rules.upload(id, text, note, actorOf(request));
    const tenant = this.rules.of(id);
    const fares = await this.fares.of(id);
    return { items: rules.map((stored) => summaryOf(tenant, stored, fares)), warnings: warnings.map(({ code, message, line, column }) => ({ code, message, line, column })) };
  }

  @Get(':id')
  @Allow('read')
  @ApiOperation({ summary: 'One rule: text, tuning, health' })
  @ApiResponse({ status: 200, standardSchema: DetailSchema })
  one(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string): Promise<z.output<typeof DetailSchema>> {
    return this.detail(request, reply, id);
  }

  @Patch(':id')
  @Allow('rules.edit')
  @ApiOperation({ summary: 'Enable, disable or tune a rule', description: 'Holds from the next event on, without losing what windows have seen; every change is a version and audited.' })
  @ApiResponse({ status: 200, standardSchema: DetailSchema })
  async tune(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string, @Body({ schema: TuneSchema }) body: z.output<typeof TuneSchema>, @Headers('if-match') ifMatch?: string): Promise<z.output<typeof DetailSchema>> {
    await this.rules.tune(principalOf(request).tenant, id, body, actorOf(request), readIfMatch(ifMatch));
    return this.detail(request, reply, id);
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow('rules.edit')
  @ApiOperation({ summary: 'Remove an uploaded rule', description: 'Where the rules folder has one of this id, its text holds again. One that only comes from the folder can be disabled.' })
  async remove(@Req() request: FastifyRequest, @Param('id') id: string, @Headers('if-match') ifMatch?: string): Promise<void> {
    await this.rules.remove(principalOf(request).tenant, id, actorOf(request), readIfMatch(ifMatch));
  }

  @Post(':id/rollback')
  @HttpCode(200)
  @Allow('rules.edit')
  @ApiOperation({ summary: 'Back to a version', description: 'Its text and tuning become the next version.' })
  @ApiResponse({ status: 200, standardSchema: DetailSchema })
  async rollback(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string, @Body({ schema: RollbackSchema }) { version, note }: z.output<typeof RollbackSchema>, @Headers('if-match') ifMatch?: string): Promise<z.output<typeof DetailSchema>> {
    await this.rules.rollback(principalOf(request).tenant, id, version, note, actorOf(request), readIfMatch(ifMatch));
    return this.detail(request, reply, id);
  }

  @Get(':id/versions')
  @Allow('read')
  @ApiOperation({ summary: 'The versions of a rule, newest first' })
  @ApiResponse({ status: 200, standardSchema: z.object({ items: z.array(VersionSchema), next: z.string().nullable() }) })
  async versions(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string, @Query({ schema: HistorySchema }) { limit, cursor }: z.output<typeof HistorySchema>): Promise<unknown> {
    const page = await this.rules.versions(principalOf(request).tenant, id, limit, cursor);
    return answerList(request.headers.accept, { items: page.items.map(versionOf), next: page.next }, reply);
  }

  @Get(':id/versions/:version')
  @Allow('read')
  @ApiOperation({ summary: 'One version with its text, and the difference to the one before' })
  @ApiResponse({ status: 200, standardSchema: VersionSchema.extend({ text: z.string(), diff: z.string().describe('unified; empty when the text is the same') }) })
  async version(@Req() request: FastifyRequest, @Param('id') id: string, @Param('version', { schema: VersionParam }) version: number): Promise<object> {
    const { tenant } = principalOf(request);
    const found = await this.rules.version(tenant, id, version);
    const before = version === 1 ? null : await this.rules.version(tenant, id, version - 1);
    return { ...versionOf(found), text: found.text, diff: textDiff(before?.text ?? '', found.text) };
  }

  private async detail(request: FastifyRequest, reply: FastifyReply, id: string): Promise<z.output<typeof DetailSchema>> {
    const { tenant: name } = principalOf(request);
    const stored = this.rules.get(name, id);
    const fares = await this.fares.of(name);
    void reply.header('etag', entityTag(stored.version));
    return detailOf(this.rules.of(name), stored, fares);
  }

  /** All that are not removed, with how they fare wherever they run. */
  private async rows(id: string): Promise<{ rows: RuleSummary[]; fares: TenantHealth }> {
    const tenant = this.rules.of(id);
    const fares = await this.fares.of(id);
    return { rows: [...tenant.stored.values()].filter(({ removed }) => !removed).map((stored) => summaryOf(tenant, stored, fares)), fares };
  }
}

/** By content type: what the body parser left as text is YAML. */
async function readUpload(body: unknown): Promise<z.output<typeof UploadSchema>> {
  const parsed = UploadSchema.safeParse(typeof body === 'string' ? { text: body } : body);
  if (parsed.success) return parsed.data;
  throw new WaryError('validation_failed', undefined, { errors: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })) });
}
