import { fileURLToPath } from 'node:url';
import { ANALYTICS } from '@wary/detect/analytics.js';
import { CAPABILITIES, capabilitiesOf } from '@wary/model/catalogue/capabilities.js';
import { CAPABILITY_IDS, isRulePart } from '@wary/model/catalogue/capability.js';
import { compileRules } from '@wary/rules/live/compiled-rules.js';
import { techniqueOfTag } from '@wary/rules/live/techniques.js';
import { CATALOGUE_DAYS, CATALOGUE_LIVE_DAYS, CATALOGUE_SIZE, catalogueStart } from '@wary/simulate/catalogue/catalogue-start.js';
import { describe, expect, it } from 'vitest';
import { readRuleFolders } from '../rules/rule-files.js';
import { playCatalogue, type CaseOutcome } from './play-catalogue.js';

const { set } = readRuleFolders([fileURLToPath(new URL('../../../../rules/', import.meta.url))]);
const rules = compileRules(set);
const alerting = new Map(rules.rules.filter(({ isSilent }) => !isSilent).map(({ id, document }) => [id, document.title]));

describe('the catalogue', () => {
  it('has every id once, each composed of detectors and rules that exist and alert, with techniques, duties and a runbook line', () => {
    expect(CAPABILITIES.map(({ id }) => id)).toEqual(CAPABILITY_IDS);
    for (const { id, parts, tags, duties, runbook, scenario, twin } of CAPABILITIES) {
      for (const part of parts) {
        if (isRulePart(part)) expect(alerting.get(part.rule), `${id}: ${part.rule}`).toBe(part.title);
        else expect(Object.keys(ANALYTICS), id).toContain(part.detector);
      }
      for (const tag of tags) expect(techniqueOfTag(tag)?.name, `${id}: ${tag}`).not.toMatch(/^(A?ML\.)?T\d|^(API|LLM)\d|^$/);
      expect(Math.min(parts.length, tags.length, duties.length), id).toBeGreaterThan(0);
      expect(runbook.length, id).toBeGreaterThan(60);
      expect(scenario).not.toBe(twin);
    }
    expect(new Set(CAPABILITIES.flatMap(({ scenario, twin }) => [scenario, twin])).size).toBe(2 * CAPABILITIES.length);
  });

  it('tells by detector, kind of entity and features for which a finding speaks', () => {
    expect(capabilitiesOf({ detector: 'volume', entity: { type: 'user' }, contributions: [{ feature: 'downloads.1h', share: 1 }] })).toEqual(['IN-1']);
    expect(capabilitiesOf({ detector: 'volume', entity: { type: 'user' }, contributions: [{ feature: 'requests.1h', share: 1 }] })).toEqual([]);
    expect(capabilitiesOf({ detector: 'volume', entity: { type: 'key' }, contributions: [{ feature: 'downloads.1h', share: 1 }] })).toEqual([]);
    expect(capabilitiesOf({ detector: 'rule:66b9317b-37e8-480c-9ba6-052327d0c646', entity: { type: 'user' }, contributions: [] })).toEqual(['IN-8', 'AP-1']);
    expect(capabilitiesOf({ detector: 'drift', entity: { type: 'model' }, contributions: [{ feature: 'labels.1h', share: 1 }] })).toEqual([]);
  });
});

const SEED = 1;
const { outcomes } = playCatalogue({ seed: SEED, start: catalogueStart(SEED), days: CATALOGUE_DAYS, liveDays: CATALOGUE_LIVE_DAYS, ...CATALOGUE_SIZE, budgetPerDay: 1, rules });
const of = (id: string, category: CaseOutcome['category']): CaseOutcome => outcomes.find((one) => one.capability === id && one.category === category)!;

describe('in a small company, through the live path', () => {
  it.each(CAPABILITIES.map(({ id, name, scenario, twin }) => [id, name, scenario, twin] as const))('%s %s: %s is caught, %s is not', (id) => {
    expect(of(id, 'attack')).toMatchObject({ caught: true });
    expect(of(id, 'twin')).toMatchObject({ caught: false, by: [] });
  });
});
