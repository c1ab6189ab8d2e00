import { describe, expect, it } from 'vitest';
import type { SimulatedEvent } from '../native-event.js';
import { createInsiderCompany, type InsiderOptions } from './insider-company.js';
import { ROLES } from './roles.js';

const START = Date.UTC(2025, 0, 6);
const SMALL: InsiderOptions = { seed: 3, start: START, days: 160, users: 80, cases: { night_leak: 3, job_hunt_theft: 2, admin_sabotage: 1 } };
const eventsOf = (options: InsiderOptions): SimulatedEvent[] => [...createInsiderCompany(options).events()];

describe('a company with insiders', () => {
  const company = createInsiderCompany(SMALL);
  const events = [...company.events()];

  it('has 42 roles, whose shares are those of a thousand people', () => {
    expect(ROLES).toHaveLength(42);
    expect(new Set(ROLES.map(({ id }) => id)).size).toBe(42);
    expect(ROLES.reduce((sum, { share }) => sum + share, 0)).toBe(1_000);
  });

  it('gives the same events for the same options, and others for another seed', () => {
    expect(JSON.stringify(eventsOf({ ...SMALL, days: 70 }).slice(-500))).toBe(JSON.stringify(eventsOf({ ...SMALL, days: 70 }).slice(-500)));
    expect(JSON.stringify(eventsOf({ ...SMALL, seed: 4, days: 70 }).slice(0, 50))).not.toBe(JSON.stringify(events.slice(0, 50)));
  });

  it('is in time order, with an id for each event', () => {
    expect(events.findIndex(({ at }, i) => i > 0 && at < events[i - 1]!.at)).toBe(-1);
    expect(new Set(events.map(({ event }) => event.id)).size).toBe(events.length);
  });

  it('labels every malicious event on a malicious day of its user, and each such day has one', () => {
    const days = new Set(company.labels.flatMap(({ id, days: on }) => on.map(({ user, day }) => `${id}|${user}|${day}`)));
    const seen = new Set<string>();
    for (const { event, label } of events) {
      if (label === undefined) continue;
      const key = `${label}|${event.actor.id}|${event.time.slice(0, 10)}`;
      // A night that begins before midnight may end after it.
      if (days.has(key)) seen.add(key);
      else expect(days.has(`${label}|${event.actor.id}|${new Date(Date.parse(event.time) - 12 * 3_600_000).toISOString().slice(0, 10)}`)).toBe(true);
    }
    expect(seen).toEqual(days);
  });

  it('gives every insider a quiet time before, and lets them leave after', () => {
    for (const { kind, insider, days } of company.labels) {
      const own = events.filter(({ event }) => event.actor.id === insider);
      expect(Date.parse(days[0]!.day) - START).toBeGreaterThanOrEqual(60 * 86_400_000);
      // The last day may be the next one's night.
      expect(own.at(-1)!.at).toBeLessThan(Date.parse(days.at(-1)!.day) + 3 * 86_400_000);
      if (kind !== 'night_leak') continue;
      const before = own.filter(({ event, label }) => label === undefined && event.action === 'connect');
      expect(before.length / own.length).toBeLessThan(0.01);
    }
  });
});
