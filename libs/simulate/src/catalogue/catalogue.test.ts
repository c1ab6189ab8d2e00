import { CAPABILITIES } from '@wary/model/catalogue/capabilities.js';
import { describe, expect, it } from 'vitest';
import { createOrganisation } from '../organisation.js';
import { createCatalogueCompany } from './catalogue-company.js';
import { CATALOGUE_DAYS, CATALOGUE_LIVE_DAYS, CATALOGUE_SIZE, catalogueStart } from './catalogue-start.js';

const SEED = 7;
const company = createCatalogueCompany({ seed: SEED, start: catalogueStart(SEED), days: CATALOGUE_DAYS, liveDays: CATALOGUE_LIVE_DAYS, ...CATALOGUE_SIZE });

describe('a company in which the catalogue is played', () => {
  it('plays every scenario and every twin, each by principals of its own, in the live days and in time order', () => {
    expect(company.cases.map(({ name }) => name)).toEqual(CAPABILITIES.flatMap(({ scenario, twin }) => [scenario, twin]));
    const attackers = company.cases.filter(({ category }) => category === 'attack').flatMap(({ entities }) => entities.map(({ id }) => id));
    const others = company.cases.filter(({ category }) => category === 'twin').flatMap(({ entities }) => entities.map(({ id }) => id));
    expect(new Set(attackers).size).toBe(attackers.length);
    expect(others.filter((id) => attackers.includes(id))).toEqual([]);
    for (const { name, category, events, change } of company.cases) {
      const times = [...events()].map(({ at }) => at);
      expect(times, name).toEqual([...times].sort((a, b) => a - b));
      if (times.length > 0) expect(times[0]! >= company.liveStart - 86_400_000 && times.at(-1)! < company.end, name).toBe(true);
      if (category === 'attack') expect(times.length, name).toBeGreaterThan(2);
      else expect(times.length > 0 || change !== undefined || name === 'cloud_move', name).toBe(true);
    }
  });

  it('gives the same bytes for the same options', () => {
    const again = createCatalogueCompany({ seed: SEED, start: catalogueStart(SEED), days: CATALOGUE_DAYS, liveDays: CATALOGUE_LIVE_DAYS, ...CATALOGUE_SIZE });
    const text = (one: typeof company): string => one.cases.map(({ events }) => JSON.stringify([...events()])).join('\n');
    expect(text(again)).toBe(text(company));
  });
});

describe('the catalogue in a demo', () => {
  const organisation = createOrganisation({ seed: SEED, start: Date.UTC(2026, 10, 2), days: 11, liveDays: 3 });
  const names = CAPABILITIES.map(({ scenario }) => scenario);
  const start = Date.UTC(2026, 10, 17, 9);
  const spanMs = 60 * 60_000;

  it('fits by name into the stretch beside the six attacks, and another round has other ids', () => {
    const rounds = [0, 1].map((round) => organisation.planLive({ start, spanMs, round }, names));
    for (const scenarios of rounds) expect(scenarios.map(({ kind }) => kind).sort()).toEqual([...organisation.planLive({ start, spanMs, round: 0 }).map(({ kind }) => kind), ...names].sort());
    const ids = rounds.flatMap((scenarios) => scenarios.filter(({ kind }) => names.includes(kind)).flatMap((one) => [...one.events()].map(({ at, event, label }) => {
      if (at < start || at > start + spanMs || Date.parse(event.time) !== at || label !== one.id) throw new Error(`${one.id}: ${event.time}`);
      return event.id;
    })));
    expect(ids.length).toBeGreaterThan(1_000);
    expect(new Set(ids).size).toBe(ids.length);
    expect(() => organisation.planLive({ start, spanMs, round: 0 }, ['nothing'])).toThrow(RangeError);
  });
});
