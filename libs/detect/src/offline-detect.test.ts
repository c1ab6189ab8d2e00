import { buildEvent, inTimeOrder } from '@wary/testkit/event-builder.js';
import { OFFICE_START, officeStream } from '@wary/testkit/office-stream.js';
import { expect, it } from 'vitest';
import { createOfflineDetect, type FindingLine, type ScoreLine } from './offline-detect.js';

const DAY = 86_400_000;
const attack = Array.from({ length: 80 }, (_, i) => buildEvent({ actor: { id: 'user-2' }, peerGroup: 'team-2', time: OFFICE_START + 10 * DAY + 10 * 3_600_000 + i * 20_000, action: 'download', bytes: 1e6, resource: { id: `files/team-2/${i}` } }));

it('gives one line for each finding when it is final, and one score for each entity and day, in bounded memory', () => {
  const events = inTimeOrder([...officeStream({ seed: 2, users: 12, days: 12 }), ...attack]);
  const detect = createOfflineDetect({ budgetPerDay: 5, scores: true });
  const findings: FindingLine[] = [];
  const scores: ScoreLine[] = [];
  const take = (lines: { findings: FindingLine[]; scores: ScoreLine[] }): void => { findings.push(...lines.findings); scores.push(...lines.scores); };
  for (let i = 0; i < events.length; i += 400) take(detect.push(events.slice(i, i + 400)));
  take(detect.finish());

  expect(detect.eventsScored).toBe(events.length);
  expect(new Set(findings.map(({ id }) => id)).size).toBe(findings.length);
  const theft = findings.filter(({ entity, detector }) => entity.id === 'user-2' && detector === 'volume');
  expect(theft.length).toBeGreaterThan(0);
  expect(Object.keys(theft[0]!)).toEqual(['id', 'entity', 'time', 'window', 'detector', 'strength', 'p', 'summary', 'eventIds']);
  // Raised early in the theft, and as strong as it became.
  expect(theft[0]!.time).toBeLessThan(attack[20]!.time);
  expect(Math.max(...theft.map(({ strength }) => strength))).toBeGreaterThan(8);

  const days = new Set(events.map(({ time, principal }) => `${principal.id}|${new Date(time).toISOString().slice(0, 10)}`));
  expect(new Set(scores.map(({ entity, day }) => `${entity.id}|${day}`))).toEqual(days);
  expect(scores.length).toBe(days.size);
  const top = scores.reduce((best, line) => (line.score > best.score ? line : best));
  expect(top).toMatchObject({ entity: { type: 'user', id: 'user-2' }, day: new Date(OFFICE_START + 10 * DAY).toISOString().slice(0, 10) });
});
