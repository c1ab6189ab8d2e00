import { Body, Controller, Get, Headers, Inject, Param, Patch, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { TechniqueSchema } from '@wary/model/finding.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Allow } from '../auth/allow.js';
import { actorOf, principalOf } from '../auth/request-context.js';
import { entityTag, readIfMatch } from '../http/entity-tag.js';
import { DETECTOR_SERVICE, type DetectorService, type DetectorState } from './detector-service.js';
import { defaultWeight, thresholdsOf, WEIGHT_BOUNDS } from './setting-bounds.js';

const Change = { enabled: z.boolean().optional(), weight: z.number().optional(), thresholds: z.record(z.string().min(1).max(100), z.number().nullable()).optional().describe('null: back to the default') };
const something = (change: object): boolean => Object.keys(change).length > 0;
const ChangeSchema = z.strictObject(Change).refine(something, 'name something to change');
export const NamedChangeSchema = z.strictObject({ id: z.string().min(1).max(100), ...Change }).refine((change) => Object.keys(change).length > 1, 'name something to change');
const ManySchema = z.strictObject({ items: z.array(NamedChangeSchema).min(1).max(100) });

const SettingSchema = z.object({ name: z.string(), value: z.number(), default: z.number(), min: z.number(), max: z.number() });
const DetectorSchema = z.object({
  id: z.string(), version: z.number().int().describe('of the detector: rises when it judges differently'), name: z.string(), description: z.string(), reason: z.string(), type: z.enum(['rule', 'behavioral', 'statistical', 'learning']), deterministic: z.boolean(),
  enabled: z.boolean(), weight: z.object({ value: z.number(), default: z.number(), min: z.number(), max: z.number(), learned: z.number().describe('what verdicts multiply it by, from 0.25 to 4') }), thresholds: z.array(SettingSchema),
  settingsVersion: z.number().int().describe('the ETag'), updatedAt: z.number().nullable(), updatedBy: z.string().nullable(),
  precision: z.object({ value: z.number(), low: z.number(), high: z.number(), confirmed: z.number().int(), judged: z.number().int() }).nullable().describe('share of confirmed among judged alerts, with its 95 % interval'),
  techniques: z.array(TechniqueSchema), duties: z.array(z.string()), features: z.array(z.string()), limits: z.record(z.string(), z.number()), blindSpots: z.string(),
});
const PageSchema = z.object({ items: z.array(DetectorSchema), next: z.null() });
const TYPES = ['rule', 'behavioral', 'statistical', 'learning'] as const;

@ApiTags('detectors')
@Controller('v1/detectors')
export class DetectorsController {
  constructor(@Inject(DETECTOR_SERVICE) private readonly detectors: DetectorService) {}

  @Get()
  @Allow('read')
  @ApiOperation({ summary: 'All detectors: state, thresholds, weights, precision' })
  @ApiResponse({ status: 200, standardSchema: PageSchema })
  async list(@Req() request: FastifyRequest): Promise<z.output<typeof PageSchema>> {
    return { items: (await this.detectors.list(principalOf(request).tenant)).map(view), next: null };
  }

  @Patch()
  @Allow('detectors.tune')
  @ApiOperation({ summary: 'Change several detectors', description: 'One after the other; the first that is refused ends it.' })
  @ApiResponse({ status: 200, standardSchema: PageSchema })
  async changeMany(@Req() request: FastifyRequest, @Body({ schema: ManySchema }) { items }: z.output<typeof ManySchema>): Promise<z.output<typeof PageSchema>> {
    const { tenant } = principalOf(request);
    const changed: DetectorState[] = [];
    for (const { id, ...change } of items) changed.push(await this.detectors.change(tenant, id, change, actorOf(request)));
    return { items: changed.map(view), next: null };
  }

  @Get(':id')
  @Allow('read')
  @ApiOperation({ summary: 'One detector' })
  @ApiResponse({ status: 200, standardSchema: DetectorSchema })
  async one(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string): Promise<z.output<typeof DetectorSchema>> {
    return tagged(reply, await this.detectors.get(principalOf(request).tenant, id));
  }

  @Patch(':id')
  @Allow('detectors.tune')
  @ApiOperation({ summary: 'Enable, disable, weigh or tune a detector', description: 'Holds from the next event on; every change is audited.' })
  @ApiResponse({ status: 200, standardSchema: DetectorSchema })
  async change(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string, @Body({ schema: ChangeSchema }) body: z.output<typeof ChangeSchema>, @Headers('if-match') ifMatch?: string): Promise<z.output<typeof DetectorSchema>> {
    return tagged(reply, await this.detectors.change(principalOf(request).tenant, id, body, actorOf(request), readIfMatch(ifMatch)));
  }
}

function tagged(reply: FastifyReply, state: DetectorState): z.output<typeof DetectorSchema> {
  void reply.header('etag', entityTag(state.changed?.version ?? 0));
  return view(state);
}

function view({ descriptor, settings, changed, precision, learned }: DetectorState): z.output<typeof DetectorSchema> {
  const { id, version, name, description, reason, typeId, deterministic, techniques, duties, features, limits, blindSpots } = descriptor;
  return {
    id, version, name, description, reason, type: TYPES[typeId - 1]!, deterministic, enabled: settings.enabled,
    weight: { value: settings.weight, default: defaultWeight(descriptor), ...WEIGHT_BOUNDS, learned },
    thresholds: thresholdsOf(descriptor).map((one) => ({ name: one.name, value: settings.thresholds[one.name] ?? one.value, default: one.value, ...one.bounds })),
    settingsVersion: changed?.version ?? 0, updatedAt: changed?.updatedAt ?? null, updatedBy: changed?.updatedBy ?? null, precision,
    techniques: [...techniques], duties: [...duties], features: [...features], limits: { ...limits }, blindSpots,
  };
}
