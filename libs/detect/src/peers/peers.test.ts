import { SeededRandom } from '@wary/testkit/seeded-random.js';
import { partitionOf, shardOf } from '@wary/model/shard.js';
import { contradictions, finalFindings, runPartitioned, runWhole } from '@wary/testkit/partitioned-run.js';
import { acts, roleStream, staff, type RoleOptions } from '@wary/testkit/role-stream.js';
import { describe, expect, it } from 'vitest';
import { createEngine, type Engine } from '../engine.js';
import { PEER_MODES, PEER_SETTING, type PeerMode } from './peer-mode.js';

const OPTIONS = { budgetPerDay: 5, seed: 1 } as const;
const ANALYSTS = 12;
const ENGINEERS = 10;
const PEOPLE = [...staff('analyst', ANALYSTS), ...staff('engineer', ENGINEERS)];
const DAYS = 35;

const peersOf = (engine: Engine, id: string) => engine.describeEntity('default', { type: 'user', id })!.peers!;
const groupOf = (engine: Engine, id: string): string => peersOf(engine, id).group;
function afterwards(people: RoleOptions['people'], days = DAYS, mode: PeerMode = 'both'): Engine {
  const engine = createEngine({ ...OPTIONS, settings: { [PEER_SETTING]: { enabled: true, weight: 1, thresholds: { mode: PEER_MODES.indexOf(mode) } } } });
  engine.scoreEvents(roleStream({ seed: 3, days, people }));
  return engine;
}

describe('groups by behaviour', () => {
  it('finds two roles that nobody has declared apart, and says why', () => {
    const engine = afterwards(PEOPLE);
    const analysts = new Set(staff('analyst', ANALYSTS).map(({ id }) => groupOf(engine, id)));
    const engineers = new Set(staff('engineer', ENGINEERS).map(({ id }) => groupOf(engine, id)));
    expect([analysts.size, engineers.size]).toEqual([1, 1]);
    expect([...analysts]).not.toEqual([...engineers]);
    const peers = peersOf(engine, 'engineer-3');
    expect(peers.source).toBe('behaviour');
    expect([peers.members, peers.drawn]).toEqual([ENGINEERS, ANALYSTS + ENGINEERS]);
    expect(peers.reasons.map(({ label }) => label)).toEqual(expect.arrayContaining(['push (repository)', 'resource prod/east']));
    // What both roles do tells nobody apart.
    expect(peers.reasons.map(({ label }) => label).join()).not.toMatch(/sign_in|sso|home\//);
    for (const { own, group, kind } of peers.reasons) { expect(own).toBeGreaterThan(0); expect(group).toBeGreaterThan(kind); }
    expect(peers.nearest.every(({ id }) => id.startsWith('engineer-') && id !== 'engineer-3')).toBe(true);
    expect(peers.nearest.length).toBeGreaterThan(5);
  });

  it('keeps the ids while people join and leave, and gives a newcomer peers', () => {
    const changed = [...PEOPLE.map((person, index) => (index % 6 === 0 ? { ...person, roleOn: (day: number) => (day < DAYS ? person.roleOn(day) : null) } : person)), ...staff('engineer', 4, 100).map((person) => ({ ...person, roleOn: (day: number) => (day < DAYS ? null : person.roleOn(day)) }))];
    const before = afterwards(PEOPLE);
    const after = afterwards(changed, 2 * DAYS);
    for (const id of ['analyst-1', 'engineer-3']) expect(groupOf(after, id)).toBe(groupOf(before, id));
    expect(groupOf(after, 'engineer-101')).toBe(groupOf(after, 'engineer-3'));
    expect(peersOf(after, 'engineer-101').nearest.every(({ id }) => id.startsWith('engineer-'))).toBe(true);
  });

  it('lets a mover go to the new peers within some weeks, not within days', () => {
    const moving = PEOPLE.map((person) => (person.id === 'analyst-2' ? { ...person, roleOn: (day: number) => (day < DAYS ? 'analyst' as const : 'engineer' as const) } : person));
    const soon = afterwards(moving, DAYS + 5);
    expect(groupOf(soon, 'analyst-2')).toBe(groupOf(soon, 'analyst-1'));
    const later = afterwards(moving, 2 * DAYS);
    expect(groupOf(later, 'analyst-2')).toBe(groupOf(later, 'engineer-3'));
  });

  it('gives an attacker no peers of his choice in a day, however much he does of what they do', () => {
    const random = new SeededRandom(9);
    const engine = createEngine(OPTIONS);
    const attack = [0, 1].flatMap((day) => acts(random, 'analyst-4', DAYS + day, 'push', 'repository', 'git/service', 200).concat(acts(random, 'analyst-4', DAYS + day, 'deploy', 'cluster', 'prod/east', 50)));
    const events = [...roleStream({ seed: 3, days: DAYS + 4, people: PEOPLE }), ...attack].sort((a, b) => a.time - b.time).map((event, index) => ({ ...event, seq: index + 1 }));
    const found = engine.scoreEvents(events);
    expect(found.some(({ entity, detector }) => entity.id === 'analyst-4' && detector.id === 'volume')).toBe(true);
    expect(groupOf(engine, 'analyst-4')).toBe(groupOf(engine, 'analyst-1'));
  });

  it('goes by the tenant’s setting', () => {
    expect(peersOf(afterwards(PEOPLE, DAYS, 'declared'), 'engineer-3')).toMatchObject({ source: 'kind', group: 'type:user', reasons: [], nearest: [] });
    expect(peersOf(afterwards(PEOPLE, DAYS, 'behaviour'), 'engineer-3').source).toBe('behaviour');
  });

  it('is the same after a snapshot, and in any number of partitions, through crashes', () => {
    const events = roleStream({ seed: 5, days: 24, people: PEOPLE });
    const one = createEngine(OPTIONS);
    const whole = finalFindings(runWhole(events, OPTIONS, one));
    const all = PEOPLE.map(({ id }) => peersOf(one, id));
    expect(all.every(({ source }) => source === 'behaviour')).toBe(true);
    const restored = createEngine(OPTIONS);
    expect(restored.restore(one.dump())).toBe(true);
    expect(PEOPLE.map(({ id }) => peersOf(restored, id))).toEqual(all);
    const { findings, engines, crashes } = runPartitioned({ events, partitions: 3, engine: OPTIONS, seed: 4, crashPercent: 1 });
    expect(crashes).toBeGreaterThan(0);
    expect(contradictions(findings)).toEqual([]);
    expect(engines.map(({ stats }) => stats.divergedHours)).toEqual([0, 0, 0]);
    expect(finalFindings(findings)).toEqual(whole);
    expect(PEOPLE.map(({ id }) => peersOf(engines[partitionOf(shardOf('default', 'user', id), 3)]!, id))).toEqual(all);
  });
});
