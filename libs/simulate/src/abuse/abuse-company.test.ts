import { describe, expect, it } from 'vitest';
import { ABUSE, ABUSE_KINDS, INTENSITIES, TWIN_KINDS } from './abuse-kind.js';
import { createAbuseCompany } from './abuse-company.js';

const SMALL = { start: Date.UTC(2026, 2, 2), days: 2, liveDays: 43, people: 60, customers: 60 } as const;

describe('a company with abuse in it', () => {
  const company = createAbuseCompany({ ...SMALL, seed: 7 });
  const events = [...company.events()];
  const attacks = company.cases.filter(({ category }) => category === 'attack');

  it('plays every attack at every intensity and every twin, each attack by principals of its own', () => {
    expect(attacks.map(({ id }) => id).sort()).toEqual(ABUSE_KINDS.flatMap((kind) => INTENSITIES.map((intensity) => `${kind}-${intensity}`)).sort());
    expect(new Set(company.cases.filter(({ category }) => category === 'twin').map(({ kind }) => kind))).toEqual(new Set(TWIN_KINDS));
    const entities = attacks.flatMap(({ entities: of }) => of.map(({ type, id }) => `${type}:${id}`));
    expect(new Set(entities).size).toBe(entities.length);
    for (const { techniques, duties } of Object.values(ABUSE)) expect(Math.min(techniques.length, duties.length)).toBeGreaterThan(0);
  });

  it('is in time order, and every attack has events of its principals, in the live days only', () => {
    let last = 0;
    const seen = new Map<string, Set<string>>();
    for (const { at, event, label } of events) {
      if (at < last) throw new Error(`${event.id} is before the one ahead of it`);
      last = at;
      if (label === undefined) continue;
      if (at < company.liveStart - 86_400_000) throw new Error(`${label} begins in the history`);
      seen.set(label, (seen.get(label) ?? new Set()).add(`${event.actor.type}:${event.actor.id}`));
    }
    for (const { id, entities, kind } of attacks) {
      const actors = seen.get(id) ?? new Set();
      for (const { type, id: who } of entities) expect(actors.has(`${type}:${who}`), id).toBe(true);
      // Sprayed accounts are many; all else is done by those it is told of.
      if (kind !== 'spray_success') expect(actors.size, id).toBe(entities.length);
    }
  });

  it('gives the same bytes for the same options, and without attacks none of their events', () => {
    const firstOf = (options: Parameters<typeof createAbuseCompany>[0]): string => { const head: string[] = []; for (const { event } of createAbuseCompany(options).events()) { head.push(JSON.stringify(event)); if (head.length === 400) break; } return head.join('\n'); };
    expect(firstOf({ ...SMALL, seed: 7 })).toBe(firstOf({ ...SMALL, seed: 7 }));
    expect(firstOf({ ...SMALL, seed: 8 })).not.toBe(firstOf({ ...SMALL, seed: 7 }));
    const quiet = createAbuseCompany({ ...SMALL, seed: 7, attacks: false });
    expect(quiet.cases.every(({ category }) => category === 'twin')).toBe(true);
  });
});
