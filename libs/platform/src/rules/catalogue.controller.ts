import { Controller, Get, Inject, Req } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ANALYTICS } from '@wary/detect/analytics.js';
import { CAPABILITIES } from '@wary/model/catalogue/capabilities.js';
import { CAPABILITY_IDS, isRulePart, type Capability } from '@wary/model/catalogue/capability.js';
import { MEASURED } from '@wary/model/catalogue/measured.js';
import { TechniqueSchema } from '@wary/model/finding.js';
import { techniqueOfTag } from '@wary/rules/live/techniques.js';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Allow } from '../auth/allow.js';
import { principalOf } from '../auth/request-context.js';
import { DETECTOR_SERVICE, type DetectorService } from '../detectors/detector-service.js';
import { RULE_SERVICE, type RuleService } from './rule-service.js';

const PartSchema = z.object({
  kind: z.enum(['detector', 'rule']), id: z.string(), name: z.string(), running: z.boolean().describe('switched on, and of a rule: there and without a problem'),
  entities: z.array(z.string()).describe('about which kinds of entity it speaks; empty: any'), features: z.array(z.string()).describe('by which features it speaks; empty: any'),
});
const MeasuredSchema = z.object({
  played: z.number().int(), caught: z.number().int(), twins: z.number().int(), quiet: z.number().int().describe('twins that nothing spoke about for this capability'), delayMs: z.number().nullable().describe('median time to the first finding'),
});
const CapabilitySchema = z.object({
  id: z.enum(CAPABILITY_IDS), name: z.string(), about: z.string(), parts: z.array(PartSchema), running: z.number().int().describe('parts that run; none: a gap'),
  techniques: z.array(TechniqueSchema), duties: z.array(z.string()), runbook: z.string(), blindSpots: z.string(), scenario: z.string(), twin: z.string(),
  measured: MeasuredSchema.nullable().describe('over simulated companies, with all parts running; null: not measured'),
});
const CatalogueSchema = z.object({ items: z.array(CapabilitySchema), next: z.null(), measured: z.object({ on: z.string(), seeds: z.string(), budgetPerDay: z.number() }).nullable() });

/** The insider and API catalogue: what each concern is composed of, what of it runs, and how often it caught its attack when last measured. */
@ApiTags('detectors')
@Controller('v1/catalogue')
export class CatalogueController {
  constructor(@Inject(RULE_SERVICE) private readonly rules: RuleService, @Inject(DETECTOR_SERVICE) private readonly detectors: DetectorService) {}

  @Get()
  @Allow('read')
  @ApiOperation({ summary: 'Coverage of the insider (IN) and API (AP) catalogue', description: 'Findings and alerts name the capabilities that they speak for in `explanation.capabilities`.' })
  @ApiResponse({ status: 200, standardSchema: CatalogueSchema })
  async catalogue(@Req() request: FastifyRequest): Promise<z.output<typeof CatalogueSchema>> {
    const { tenant } = principalOf(request);
    const settings = await this.detectors.settings(tenant);
    const { stored, compiled } = this.rules.of(tenant);
    const runs = (id: string): boolean => { const rule = stored.get(id); return rule !== undefined && !rule.removed && rule.enabled && !compiled.problems.has(id); };
    return {
      items: CAPABILITIES.map((one) => view(one, (id) => settings[id]?.enabled !== false, runs)), next: null,
      measured: MEASURED === null ? null : { on: MEASURED.on, seeds: MEASURED.seeds, budgetPerDay: MEASURED.budgetPerDay },
    };
  }
}

function view({ id, parts, tags, duties, ...rest }: Capability, isOn: (detector: string) => boolean, runs: (rule: string) => boolean): z.output<typeof CapabilitySchema> {
  const shown = parts.map((part) => (isRulePart(part)
    ? { kind: 'rule' as const, id: part.rule, name: part.title, running: runs(part.rule), entities: [], features: [] }
    : { kind: 'detector' as const, id: part.detector, name: ANALYTICS[part.detector as keyof typeof ANALYTICS].name, running: isOn(part.detector), entities: [...part.entities ?? []], features: [...part.features ?? []] }));
  const measured = MEASURED?.rows[id];
  return {
    id, ...rest, duties: [...duties], parts: shown, running: shown.filter(({ running }) => running).length, techniques: tags.flatMap((tag) => techniqueOfTag(tag) ?? []),
    measured: measured === undefined ? null : { played: measured.played, caught: measured.caught, twins: measured.twins, quiet: measured.quiet, delayMs: measured.delayMs },
  };
}
