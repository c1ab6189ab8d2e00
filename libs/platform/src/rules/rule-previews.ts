import { WaryError } from '@wary/model/errors.js';
import { EVENT_FLAG, type Event } from '@wary/model/event.js';
import type { Clock, Random } from '@wary/ports/clock.port.js';
import type { EventStore } from '@wary/ports/event-store.port.js';
import type { StoredRule } from '@wary/ports/rule-store.port.js';
import type { SigmaRule } from '@wary/rules/language/rule-model.js';
import { LiveRules, type LiveMatch } from '@wary/rules/live/live-rules.js';
import type { Jobs } from '../jobs/jobs.js';
import { compileTenant, type RuleState } from './compile-tenant.js';
import { parseBundle } from './parse-bundle.js';
import { findStoredEvents, type StoredHistory } from './find-stored-events.js';

export const PREVIEW_LIMITS = { daysMax: 90, eventsMax: 5_000_000, runningPerTenantMax: 2, keptPerTenantMax: 20, samplesMax: 20, keepMs: 3_600_000 } as const;
const EVENTS_PER_TURN = 500;

export interface PreviewSample { readonly time: number; readonly entity: { readonly type: string; readonly id: string }; readonly eventIds: readonly string[]; readonly matched: ReturnType<LiveMatch['explain']> }
/** What a rule would have matched over stored events, and what of that a tuning would have hidden. */
export interface Preview {
  readonly id: string;
  readonly rule: string;
  readonly state: 'running' | 'done' | 'cancelled' | 'failed';
  readonly from: number;
  readonly to: number;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  /** Events to read as they were counted at the start, and read so far. */
  readonly eventsTotal: number;
  readonly eventsRead: number;
  /** Reading ended at the limit: what follows holds up to here. */
  readonly truncated: boolean;
  readonly matches: { readonly before: number; readonly after: number; readonly hidden: number };
  readonly entities: number;
  readonly samples: { readonly kept: readonly PreviewSample[]; readonly hidden: readonly PreviewSample[] };
  readonly error: string | null;
}

export interface PreviewRequest {
  readonly rule: string;
  /** Every rule of the tenant as it stands, and the one in question as it would be. */
  readonly standing: readonly StoredRule[];
  readonly proposed: RuleState;
  readonly days: number;
}
export type RulePreviews = Jobs<PreviewRequest, Preview>;
export const RULE_PREVIEWS = Symbol.for('wary.RulePreviews');

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface Job { readonly tenant: string; readonly view: Mutable<Preview>; readonly stop: AbortController; done: Promise<void> }
const DAY_MS = 86_400_000;

export function createRulePreviews({ events, search, clock, random }: { readonly events: Pick<EventStore, 'find' | 'count'>; readonly search: StoredHistory['search']; readonly clock: Clock; readonly random: Random }): RulePreviews {
  const jobs = new Map<string, Job>();
  const of = (tenant: string): Job[] => [...jobs.values()].filter((job) => job.tenant === tenant);
  const demand = (tenant: string, id: string): Job => {
    const job = jobs.get(id);
    if (job === undefined || job.tenant !== tenant) throw new WaryError('not_found', 'There is no such preview; it is kept for an hour');
    return job;
  };
  const copy = ({ view }: Job): Preview => ({ ...view, matches: { ...view.matches }, samples: { kept: [...view.samples.kept], hidden: [...view.samples.hidden] } });

  function forgetOld(tenant: string): void {
    const ended = of(tenant).filter(({ view }) => view.finishedAt !== null);
    for (const { view } of ended) if (view.finishedAt! < clock.now() - PREVIEW_LIMITS.keepMs) jobs.delete(view.id);
    for (const { view } of of(tenant).filter(({ view: each }) => each.finishedAt !== null).slice(0, Math.max(0, of(tenant).length - PREVIEW_LIMITS.keptPerTenantMax + 1))) jobs.delete(view.id);
  }

  async function run(job: Job, { rule, standing, proposed }: PreviewRequest): Promise<void> {
    const { view, tenant } = job;
    view.eventsTotal = await events.count({ tenant, from: view.from, to: view.to });
    const own = standing.find((each) => each.rule === rule) ?? null;
    // As if it ran: what is disabled now is looked at as well.
    const unchanged = own !== null && own.text === proposed.text && JSON.stringify(own.exclusions) === JSON.stringify(proposed.exclusions);
    const before = own === null || unchanged ? null : matcherOf(rule, standing, { ...own, enabled: true });
    const after = matcherOf(rule, standing, { ...proposed, enabled: true });
    const entities = new Set<string>();
    const hidden: PreviewSample[] = [];
    const kept: PreviewSample[] = [];
    let looked = 0;
    const range = { tenant, from: view.from, to: view.to, signal: job.stop.signal, onProgress: (searched: number, total: number): void => { [view.eventsRead, view.eventsTotal] = [searched, total]; } };
    for await (const slice of findStoredEvents({ events, search }, [...after.rules, ...(before?.rules ?? [])], range)) {
      for (let at = 0; at < slice.length; at += 1) {
        if (at % EVENTS_PER_TURN === 0) await new Promise(setImmediate);
        if (job.stop.signal.aborted) return;
        // All of them are of the past; as history they would have windows apart from each other.
        const event: Event = { ...slice[at]!, flags: slice[at]!.flags & ~EVENT_FLAG.historical };
        const now = after.match(event);
        const was = before === null ? now : before.match(event);
        looked += 1;
        if (now.length === 0 && was.length === 0) continue;
        const stays = new Set(now.map(keyOf));
        const gone = was.filter((match) => !stays.has(keyOf(match)));
        view.matches = { before: view.matches.before + was.length, after: view.matches.after + now.length, hidden: view.matches.hidden + gone.length };
        for (const match of now) {
          entities.add(`${match.event.entity.type}:${match.event.entity.id}`);
          if (kept.length < PREVIEW_LIMITS.samplesMax) kept.push(sampleOf(match));
        }
        for (const match of gone) if (hidden.length < PREVIEW_LIMITS.samplesMax) hidden.push(sampleOf(match));
        view.entities = entities.size;
        view.samples = { kept, hidden };
      }
      if (looked >= PREVIEW_LIMITS.eventsMax) {
        view.truncated = true;
        return;
      }
    }
  }

  return {
    start(tenant, request) {
      forgetOld(tenant);
      if (of(tenant).filter(({ view }) => view.state === 'running').length >= PREVIEW_LIMITS.runningPerTenantMax) {
        throw new WaryError('rate_limited', `${PREVIEW_LIMITS.runningPerTenantMax} previews are running; wait for one, or cancel it`, { retryAfterSeconds: 5 });
      }
      const now = clock.now();
      const view: Mutable<Preview> = {
        id: random.id(), rule: request.rule, state: 'running', from: now - request.days * DAY_MS, to: now + DAY_MS, startedAt: now, finishedAt: null, eventsTotal: 0, eventsRead: 0, truncated: false,
        matches: { before: 0, after: 0, hidden: 0 }, entities: 0, samples: { kept: [], hidden: [] }, error: null,
      };
      const job: Job = { tenant, view, stop: new AbortController(), done: Promise.resolve() };
      jobs.set(view.id, job);
      job.done = run(job, request).then(() => {
        view.state = job.stop.signal.aborted ? 'cancelled' : 'done';
      }, (error: unknown) => {
        view.state = job.stop.signal.aborted ? 'cancelled' : 'failed';
        view.error = job.stop.signal.aborted ? null : error instanceof WaryError ? error.message : 'The stored events could not be read';
      }).then(() => { view.finishedAt = clock.now(); });
      return copy(job);
    },
    get: (tenant, id) => copy(demand(tenant, id)),
    list: (tenant) => of(tenant).map(copy).sort((left, right) => right.startedAt - left.startedAt),
    cancel(tenant, id) {
      const job = demand(tenant, id);
      job.stop.abort();
      if (job.view.state === 'running') job.view.state = 'cancelled';
      return copy(job);
    },
    async close() {
      for (const job of jobs.values()) job.stop.abort();
      await Promise.all([...jobs.values()].map(({ done }) => done));
    },
  };
}

/** Runs one rule, with what it reads, over events; gives what it alone matched. `rules`: those on single events that it stands on. */
function matcherOf(rule: string, standing: readonly RuleState[], state: RuleState): { readonly rules: readonly SigmaRule[]; readonly match: (event: Event) => readonly LiveMatch[] } {
  const states = [...standing.filter((each) => each.rule !== rule), { ...state, removed: false }];
  const { compiled } = compileTenant(needed(rule, states));
  const live = new LiveRules(compiled);
  const ids = new Set(parseBundle(rule, state.text).ids);
  return { rules: compiled.base, match: (event) => live.observe(event).filter((match) => ids.has(match.rule.id)) };
}

/** The rule and, over and over, those that its correlations read. */
function needed(rule: string, states: readonly RuleState[]): RuleState[] {
  const wanted = new Set([rule]);
  for (let grown = true; grown;) {
    grown = false;
    const reads = new Set(states.filter((each) => wanted.has(each.rule)).flatMap((each) => parseReads(each)));
    for (const state of states) {
      if (wanted.has(state.rule) || !parseBundle(state.rule, state.text).documents.some(({ id, name }) => reads.has(id) || (name !== null && reads.has(name)))) continue;
      wanted.add(state.rule);
      grown = true;
    }
  }
  return states.filter((each) => wanted.has(each.rule));
}

/** Also of a correlation that does not compile alone because what it reads stands elsewhere. */
const parseReads = ({ rule, text }: RuleState): string[] => parseBundle(rule, text).reads.slice();

const keyOf = ({ rule, time, group, event }: LiveMatch): string => `${rule.id}|${time}|${group}|${event.id}`;
const sampleOf = ({ time, event, eventIds, explain }: LiveMatch): PreviewSample => ({ time, entity: { ...event.entity }, eventIds: eventIds.slice(-20), matched: explain() });
