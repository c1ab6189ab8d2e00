import { createOfflinePath } from '@wary/app-cli/files/offline-path.js';
import type { Event } from '@wary/model/event.js';
import { createAbuseCompany } from '@wary/simulate/abuse/abuse-company.js';
import { createInsiderCompany } from '@wary/simulate/insider/insider-company.js';
import { mergeStreams } from '@wary/simulate/merge-streams.js';
import type { SimulatedEvent } from '@wary/simulate/native-event.js';
import { nativeToEvent } from './native-to-event.js';

/** Companies in which nothing is wrong. */
export const NULL_COMPANIES = {
  office: 'people alone (`libs/simulate/src/insider` without insiders; holidays, release weekends, travel, projects, night shifts)',
  services: 'people, services, agents and customers\' keys (`libs/simulate/src/abuse` without attacks, with its twins: bursts, backfills, releases, an outage, a quarter end, holidays)',
  mixed: 'half of the first beside half of the second under one tenant',
} as const;
export type NullCompany = keyof typeof NULL_COMPANIES;

export interface NullCompanyOptions { readonly seed: number; readonly start: number; /** Days at the beginning in which the twins are not played. */ readonly teachingDays: number; readonly days: number; /** Principals, about. */ readonly size: number }

const BATCH_EVENTS = 2_000;
const NOBODY = { night_leak: 0, job_hunt_theft: 0, admin_sabotage: 0 } as const;

/** Its events in time order, as the engine takes them. */
export function* nullCompany(kind: NullCompany, { seed, start, teachingDays, days, size }: NullCompanyOptions): Generator<Event[]> {
  const office = (users: number): Iterable<SimulatedEvent> => createInsiderCompany({ seed, start, days, users, cases: NOBODY }).events();
  if (kind === 'office') {
    let seq = 0;
    let batch: Event[] = [];
    for (const { event } of office(size)) {
      const next = nativeToEvent(event);
      next.seq = seq += 1;
      batch.push(next);
      if (batch.length === BATCH_EVENTS) { yield batch; batch = []; }
    }
    yield batch;
    return;
  }
  const share = kind === 'mixed' ? 0.5 : 1;
  const quiet = createAbuseCompany({ seed, start, days: teachingDays, liveDays: days - teachingDays, people: Math.round(size * 0.55 * share), customers: Math.round(size * 0.35 * share), attacks: false });
  const path = createOfflinePath(quiet.registers);
  let lines: string[] = [];
  const read = (): Event[] => { const { events } = path.read(Buffer.from(`${lines.join('\n')}\n`), 1); lines = []; return events; };
  for (const { event } of kind === 'mixed' ? mergeStreams([office(Math.round(size * share)), quiet.events()]) : quiet.events()) {
    lines.push(JSON.stringify(event));
    if (lines.length === BATCH_EVENTS) yield read();
  }
  if (lines.length > 0) yield read();
}
