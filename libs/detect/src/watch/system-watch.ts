import { ACTOR_TYPES } from '@wary/model/entity.js';
import type { Finding } from '@wary/model/finding.js';
import { SOURCE_NAMES } from '@wary/model/sources.js';
import { ANALYTICS } from '../analytics.js';
import { DAY_MS, HOUR_MS } from '../engine-limits.js';
import { numberWords, spanWords } from '../words.js';
import { DayRate } from './day-rate.js';
import { DayShare } from './day-share.js';
import { Rhythm } from './rhythm.js';
import { begunCell, eventsCell, fieldCell, FIRING, firingCell, openedCell, SOURCES, unknownCell, WATCH_CELLS, WATCHED_FIELDS } from './watch-cells.js';
import { watchFinding, type WatchSignal } from './watch-finding.js';

/** An hour or two is a restart somewhere. */
const SILENT_HOURS_MIN = 2;
/** An hour is expected to have something when it is empty no more often than this. */
const AWAY_CHANCE_MAX = 0.2;
/** A source that has not come back by then is gone, and its rhythm is forgotten. */
const GONE_HOURS = 30 * 24;
/** Hours without anything that are stepped through one by one; a longer gap is one of the service itself, and teaches nothing. */
const STEPS_MAX = 90 * 24;
const FIRINGS_MIN = 5;
const OPENED_MIN = 30;
const UNKNOWN_SHARE_MIN = 0.5;
/** So many names that nobody has heard of, and so many times the most that is usual, before a day of them is a flood. */
const BEGUN_MIN = 200;
const BEGUN_FACTOR = 5;
const FIELD_EVENTS_MIN = 200;
const FIELD_SHARE_MIN = 0.2;
/** A share changes for a person to see: up by so much, or down to so much of what is usual. */
const SHARE_RISE_MIN = 0.3;
const SHARE_LEFT_MAX = 0.5;

const SETTINGS = { silent_source: 'decadesMin', firing_shift: 'decadesMin', starved_baseline: 'decadesMin', entity_flood: 'decadesMin', coverage_gap: 'decadesMin' } as const;
export type WatchId = keyof typeof SETTINGS;
export const WATCH_IDS = Object.keys(SETTINGS) as WatchId[];
const TENANT = SOURCES;

interface Told { readonly signal: WatchSignal; revision: number; nextStrength: number }
interface WatchState {
  to: number; day: number; today: Int32Array; told: Map<string, Told>; quiet: Int32Array; quietDecades: Float64Array;
  rhythms: unknown[]; rates: unknown[]; floods: unknown[]; starved: unknown[]; fields: unknown[];
}

const isWeekend = (day: number): boolean => (((day + 3) % 7) + 7) % 7 >= 5;
const percent = (share: number): string => `${Math.round(share * 100)} %`;
const source = (index: number): string => (index === TENANT ? 'the whole tenant' : SOURCE_NAMES[index]!);

/**
 * The monitor watches itself, for one tenant, by the hours of the population: event time as everywhere, the same for every order and
 * partition. It is silent until it has known something for two weeks. Live, the wall clock asks whether everything is silent (`silences`).
 */
export class SystemWatch {
  /** Hours up to here are taken. */
  private to = Number.NEGATIVE_INFINITY;
  private day = Number.NEGATIVE_INFINITY;
  private today = new Int32Array(WATCH_CELLS);
  /** Of each source, and behind them of all together. */
  private readonly rhythms = Array.from({ length: SOURCES + 1 }, () => new Rhythm());
  private readonly rates = FIRING.map(() => new DayRate());
  /** Days in a row without any firing, and what they say. */
  private quiet = new Int32Array(FIRING.length);
  private quietDecades = new Float64Array(FIRING.length);
  /** Newcomers a day, by kind. */
  private readonly floods = ACTOR_TYPES.map(() => new DayRate());
  private readonly starved = ACTOR_TYPES.map(() => new DayShare());
  private readonly fields = Array.from({ length: SOURCES * WATCHED_FIELDS.length }, () => new DayShare());
  private told = new Map<string, Told>();
  private thresholds: Record<WatchId, number>;

  constructor(private readonly tenant: string) {
    this.thresholds = thresholdsFrom({});
  }

  configure(settings: Readonly<Record<string, { readonly thresholds: Readonly<Record<string, number>> } | undefined>>): void {
    this.thresholds = thresholdsFrom(settings);
  }

  /** Event time has come so far that the hours up to `upTo` are known; `of` gives what is in one. */
  advance(upTo: number, of: (hour: number) => Int32Array | null, disabled: ReadonlySet<string>, seq: number, out: Finding[] | null): void {
    if (this.to === Number.NEGATIVE_INFINITY) this.to = upTo - 1;
    this.to = Math.max(this.to, upTo - STEPS_MAX);
    for (let hour = this.to + 1; hour <= upTo; hour += 1) this.step(hour, of(hour) ?? NOTHING, disabled, seq, out);
    this.to = Math.max(this.to, upTo);
  }

  private step(hour: number, cells: Int32Array, disabled: ReadonlySet<string>, seq: number, out: Finding[] | null): void {
    const day = Math.floor(hour / 24);
    if (day !== this.day) {
      if (this.day !== Number.NEGATIVE_INFINITY) this.closeDay(this.day, disabled, seq, out);
      this.day = day;
      this.today.fill(0);
    }
    for (let cell = 0; cell < WATCH_CELLS; cell += 1) this.today[cell]! += cells[cell]!;
    this.watchSources(hour, cells, disabled, seq, out);
    const weekend = isWeekend(day);
    if (!disabled.has('firing_shift')) for (let place = 0; place < FIRING.length; place += 1) this.watchFiring(place, day, weekend, seq, out);
    if (!disabled.has('starved_baseline')) for (let kind = 0; kind < ACTOR_TYPES.length; kind += 1) this.watchStarved(kind, day, seq, out);
    if (!disabled.has('entity_flood')) for (let kind = 0; kind < ACTOR_TYPES.length; kind += 1) this.watchFlood(kind, day, weekend, seq, out);
  }

  private watchSources(hour: number, cells: Int32Array, disabled: ReadonlySet<string>, seq: number, out: Finding[] | null): void {
    let any = 0;
    for (let index = 0; index < SOURCES; index += 1) any += cells[eventsCell(index)]!;
    // When nothing at all has come, it may be this service that was away: such an hour speaks against no source, and teaches nothing.
    const away = any === 0 && this.rhythms[TENANT]!.isKnown && this.rhythms[TENANT]!.emptyChance(hour) < AWAY_CHANCE_MAX;
    for (let index = 0; index <= SOURCES; index += 1) {
      const rhythm = this.rhythms[index]!;
      const present = (index === TENANT ? any : cells[eventsCell(index)]!) > 0;
      const key = silenceKey(source(index));
      if (present) {
        const told = this.told.get(key);
        if (told !== undefined) {
          this.told.delete(key);
          this.close(told, hour * HOUR_MS, seq, out);
        }
      } else if (hour - rhythm.last > GONE_HOURS) {
        this.told.delete(key);
        if (rhythm.last !== Number.NEGATIVE_INFINITY) this.rhythms[index] = new Rhythm();
        continue;
      } else if (index !== TENANT && any > 0 && !disabled.has('silent_source')) {
        const signal = this.silenceOf(index, hour, rhythm.last, rhythm.last);
        if (signal !== null) this.tell(key, signal, seq, out);
      }
      // A silence that was told teaches nothing either: else the next one would be usual.
      rhythm.take(hour, present, !away && !this.told.has(key));
    }
  }

  /** Nothing has come since the hour `last`; hours up to `since` say nothing. */
  private silenceOf(index: number, hour: number, last: number, since: number): WatchSignal | null {
    const rhythm = this.rhythms[index]!;
    const silentHours = hour - last;
    if (!rhythm.isKnown || silentHours < SILENT_HOURS_MIN || silentHours > GONE_HOURS) return null;
    const strength = rhythm.silence(hour, since);
    if (strength < this.thresholds.silent_source) return null;
    const whole = index === TENANT;
    const name = source(index);
    const start = (last + 1) * HOUR_MS;
    const expected = rhythm.missed(hour, last);
    return {
      analytic: ANALYTICS.silent_source, entity: whole ? { type: 'tenant', id: this.tenant } : { type: 'application', id: `wary/source/${name}` }, subject: name, start, end: (hour + 1) * HOUR_MS,
      strength, severity: whole ? 'high' : 'medium', title: whole ? 'No source sends anything' : `Source has fallen silent: ${name}`,
      summary: `${whole ? 'No event of any source' : `No event of the source ${name}`} since ${timeWords(start)}, for ${numberWords(silentHours)} hours; by the weeks before there would have been some in ${numberWords(expected)} of them. What it does not send, no detector sees.`,
      label: 'hours with events', observed: 0, expected: { value: expected, low: Math.min(1, expected), high: silentHours }, usual: `${numberWords(expected)} of ${numberWords(silentHours)} hours`, unit: 'hours',
      counterfactual: { text: `With one event in these hours it would have stayed quiet.`, value: 1 },
      todo: whole ? 'Is the service reachable for its senders, and are its keys valid? Look for 401 and 429 in the senders\' logs and at wary_ingest_events_accepted_total.' : `Ask whoever runs what sends as ${name}: is it stopped, does its key still hold, was its address or log format changed? Dead letters show what came and could not be read.`,
    };
  }

  private watchFiring(place: number, day: number, weekend: boolean, seq: number, out: Finding[] | null): void {
    const count = this.today[firingCell(place)]!;
    const rate = this.rates[place]!;
    if (count < FIRINGS_MIN || !rate.isKnown(weekend)) return;
    const strength = rate.above(count);
    if (strength < this.thresholds.firing_shift) return;
    const id = FIRING[place]!;
    const band = rate.band(weekend);
    this.tell(`firing:${id}:${day}`, {
      analytic: ANALYTICS.firing_shift, entity: detectorEntity(id), subject: 'more', start: day * DAY_MS, end: (day + 1) * DAY_MS, strength, severity: 'medium',
      title: `Detector fires far more often: ${ANALYTICS[id].name}`,
      summary: `The detector "${ANALYTICS[id].name}" (${id}) has raised ${numberWords(count)} findings ${spanWords(day * DAY_MS, (day + 1) * DAY_MS)}; usual are ${numberWords(band.value)}, at most ${numberWords(band.high)}. Either many do the same today, or what it looks at has changed.`,
      label: 'findings of the day', observed: count, expected: band, usual: `${numberWords(band.value)} (up to ${numberWords(band.high)})`, unit: 'findings',
      counterfactual: { text: `With ${numberWords(band.high)} findings it would have stayed quiet.`, value: band.high },
      todo: `Look at the day's alerts of ${id} together: one cause (a release, a migration, a new client) asks for one answer. A change of its settings can be tried on stored events first.`,
    }, seq, out);
  }

  private watchStarved(kind: number, day: number, seq: number, out: Finding[] | null): void {
    const opened = this.today[openedCell(kind)]!;
    const unknown = this.today[unknownCell(kind)]!;
    if (opened < OPENED_MIN || unknown < UNKNOWN_SHARE_MIN * opened) return;
    const share = this.starved[kind]!;
    const usual = share.usual(unknown, opened);
    if (usual === null || !share.isKnown(isWeekend(day)) || unknown / opened - usual < SHARE_RISE_MIN) return;
    const strength = share.unusual(unknown, opened, true);
    if (strength < this.thresholds.starved_baseline) return;
    const type = ACTOR_TYPES[kind]!;
    const most = Math.ceil(opened * Math.min(1, usual + SHARE_RISE_MIN)) - 1;
    this.tell(`starved:${type}:${day}`, {
      analytic: ANALYTICS.starved_baseline, entity: { type: 'peer_group', id: `type:${type}` }, subject: 'hours', start: day * DAY_MS, end: (day + 1) * DAY_MS, strength, severity: 'medium',
      title: `Baselines are starved: ${percent(unknown / opened)} of the hours are of ${type}s without a baseline of their own`,
      summary: `Of ${numberWords(opened)} hours in which ${type}s were active ${spanWords(day * DAY_MS, (day + 1) * DAY_MS)}, ${numberWords(unknown)} (${percent(unknown / opened)}) were of ${type}s of whom too little is known for a baseline of their own; usual is ${percent(usual)}. They are held against their peers alone, and what is unusual only for them goes unseen.`,
      label: 'hours without an own baseline', observed: unknown, expected: { value: usual * opened, low: 0, high: most }, usual: percent(usual), unit: 'hours',
      counterfactual: { text: `With ${numberWords(most)} such hours it would have stayed quiet.`, value: most },
      todo: `Have the ids of ${type}s changed (pseudonyms with another key, another login name, a new key for each call), or has the number of entities passed the limit (wary_score_entities_evicted)? Then old baselines wait for ids that no longer come.`,
    }, seq, out);
  }

  /** Names that nobody had heard of, told in the hours in which they come: made-up accounts, keys or devices, ids that are new with each call, or somebody who wants the known ones forgotten. */
  private watchFlood(kind: number, day: number, weekend: boolean, seq: number, out: Finding[] | null): void {
    const begun = this.today[begunCell(kind)]!;
    const rate = this.floods[kind]!;
    if (begun < BEGUN_MIN || !rate.isKnown(weekend)) return;
    const band = rate.band(weekend);
    const most = Math.max(BEGUN_MIN, Math.ceil(BEGUN_FACTOR * band.high)) - 1;
    const strength = rate.above(begun);
    if (begun <= most || strength < this.thresholds.entity_flood) return;
    const type = ACTOR_TYPES[kind]!;
    this.tell(`flood:${type}:${day}`, {
      analytic: ANALYTICS.entity_flood, entity: { type: 'peer_group', id: `type:${type}` }, subject: 'new', start: day * DAY_MS, end: (day + 1) * DAY_MS, strength, severity: 'medium',
      title: `Flood of new ${type}s: ${numberWords(begun)} that nobody had heard of`,
      summary: `${numberWords(begun)} ${type}s were seen for the first time ${spanWords(day * DAY_MS, (day + 1) * DAY_MS)}; usual are ${numberWords(band.value)} a day, at most ${numberWords(band.high)}. Nobody who was known is forgotten for them: beyond the limit it is newcomers that are kept in short, and what they do is counted with their peers.`,
      label: `new ${type}s of the day`, observed: begun, expected: band, usual: `${numberWords(band.value)} (up to ${numberWords(band.high)})`, unit: `${type}s`,
      counterfactual: { text: `With ${numberWords(most)} new ${type}s it would have stayed quiet.`, value: most },
      todo: `Which source and which addresses do they come from? A new id for each call is a mistake of a sender (map it to its owner); thousands of new accounts or keys from a few networks are made up: stop their making, and look at what they read together.`,
    }, seq, out);
  }

  /** What can be said of a whole day only; then it teaches. */
  private closeDay(day: number, disabled: ReadonlySet<string>, seq: number, out: Finding[] | null): void {
    const weekend = isWeekend(day);
    for (let place = 0; place < FIRING.length; place += 1) this.closeFiring(place, day, weekend, disabled.has('firing_shift'), seq, out);
    for (let kind = 0; kind < ACTOR_TYPES.length; kind += 1) {
      const opened = this.today[openedCell(kind)]!;
      if (opened >= OPENED_MIN && !this.told.has(`starved:${ACTOR_TYPES[kind]!}:${day}`)) this.starved[kind]!.learn(this.today[unknownCell(kind)]!, opened, weekend);
      if (this.eventsToday > 0) this.floods[kind]!.learn(this.today[begunCell(kind)]!, weekend);
    }
    for (let index = 0; index < SOURCES; index += 1) for (let field = 0; field < WATCHED_FIELDS.length; field += 1) this.closeField(index, field, day, weekend, disabled.has('coverage_gap'), seq, out);
    // A told day is over; silences go on.
    for (const [key, told] of this.told) {
      if (!key.startsWith('firing:') && !key.startsWith('starved:') && !key.startsWith('flood:') && !key.startsWith('field:')) continue;
      if (key.startsWith('firing:none:')) continue;
      this.told.delete(key);
      this.close(told, told.signal.end, seq, out);
    }
  }

  private get eventsToday(): number {
    let events = 0;
    for (let index = 0; index < SOURCES; index += 1) events += this.today[eventsCell(index)]!;
    return events;
  }

  private closeFiring(place: number, day: number, weekend: boolean, off: boolean, seq: number, out: Finding[] | null): void {
    const count = this.today[firingCell(place)]!;
    const rate = this.rates[place]!;
    const id = FIRING[place]!;
    const key = `firing:none:${id}`;
    if (count > 0) {
      const told = this.told.get(key);
      if (told !== undefined) {
        this.told.delete(key);
        this.close(told, day * DAY_MS, seq, out);
      }
      this.quiet[place] = 0;
      this.quietDecades[place] = 0;
    } else if (rate.isKnown(weekend) && this.eventsToday > 0) {
      this.quiet[place]! += 1;
      this.quietDecades[place]! += rate.none(weekend);
      const days = this.quiet[place]!;
      const strength = this.quietDecades[place]!;
      if (!off && strength >= this.thresholds.firing_shift) {
        const band = rate.band(weekend);
        const start = (day - days + 1) * DAY_MS;
        const expected = { value: band.value * days, low: Math.min(1, band.value * days), high: band.high * days };
        this.tell(key, {
          analytic: ANALYTICS.firing_shift, entity: detectorEntity(id), subject: 'none', start, end: (day + 1) * DAY_MS, strength, severity: 'medium', title: `Detector no longer fires: ${ANALYTICS[id].name}`,
          summary: `The detector "${ANALYTICS[id].name}" (${id}) has raised nothing in ${numberWords(days)} days, since ${timeWords(start)}; about ${numberWords(expected.value)} findings were to be expected. Either the cause is gone, or it no longer gets what it looks at.`,
          label: 'findings', observed: 0, expected, usual: `${numberWords(band.value)} a day`, unit: 'findings',
          counterfactual: { text: 'With one finding in these days it would have stayed quiet.', value: 1 },
          todo: `Was ${id} switched off or tuned, or has a source stopped sending what it reads? Touch a canary, or play a scenario with the simulator, to see that it still fires.`,
        }, seq, out);
      }
    }
    // Days of a quiet that was told teach nothing.
    if (!this.told.has(key)) rate.learn(count, weekend);
  }

  private closeField(index: number, field: number, day: number, weekend: boolean, off: boolean, seq: number, out: Finding[] | null): void {
    const events = this.today[eventsCell(index)]!;
    if (events < FIELD_EVENTS_MIN) return;
    const share = this.fields[index * WATCHED_FIELDS.length + field]!;
    const count = this.today[fieldCell(index, field)]!;
    const usual = share.usual(count, events);
    const strength = usual === null || !share.isKnown(weekend) || usual < FIELD_SHARE_MIN || count / events > SHARE_LEFT_MAX * usual ? 0 : share.unusual(count, events, false);
    if (off || strength < this.thresholds.coverage_gap) {
      share.learn(count, events, weekend);
      return;
    }
    const name = SOURCE_NAMES[index]!;
    const what = WATCHED_FIELDS[field]!;
    const least = Math.floor(SHARE_LEFT_MAX * usual! * events) + 1;
    this.tell(`field:${name}:${what}:${day}`, {
      analytic: ANALYTICS.coverage_gap, entity: { type: 'application', id: `wary/source/${name}` }, subject: what, start: day * DAY_MS, end: (day + 1) * DAY_MS, strength, severity: 'medium',
      title: `Source no longer sends ${what}: ${name}`,
      summary: `Of ${numberWords(events)} events of the source ${name} ${spanWords(day * DAY_MS, (day + 1) * DAY_MS)}, ${count === 0 ? 'none has' : `only ${numberWords(count)} (${percent(count / events)}) have`} ${article(what)}; usual are ${percent(usual!)}. Detectors that read it see nothing of the rest.`,
      label: `events with ${article(what)}`, observed: count, expected: { value: usual! * events, low: least, high: events }, usual: percent(usual!), unit: 'events',
      counterfactual: { text: `With ${numberWords(least)} such events it would have stayed quiet.`, value: least },
      todo: `Was ${name} updated, or a field of its log format, its exporter or its proxy switched off? Compare an event of today with one of last week.`,
    }, seq, out);
  }

  /** At the crossing, and at each further decade. */
  private tell(key: string, signal: WatchSignal, seq: number, out: Finding[] | null): void {
    const known = this.told.get(key);
    if (known === undefined) {
      this.told.set(key, { signal, revision: 0, nextStrength: signal.strength + 1 });
      out?.push(watchFinding(this.tenant, signal, 0, seq, false));
      return;
    }
    if (signal.strength < known.nextStrength) return;
    const revision = known.revision + 1;
    this.told.set(key, { signal, revision, nextStrength: signal.strength + 1 });
    out?.push(watchFinding(this.tenant, signal, revision, seq, false));
  }

  private close({ signal, revision }: Told, end: number, seq: number, out: Finding[] | null): void {
    out?.push(watchFinding(this.tenant, { ...signal, end: Math.max(signal.end, end) }, revision + 1, seq, true));
  }

  /**
   * Whether everything is silent at a wall-clock hour: then no event time passes, and only this can tell. Changes nothing, so it may be asked
   * at any time, and gives the same id again. `heard`: the newest hour, of those that are not closed yet, in which something came, here and
   * in other partitions; `since`: the hour from which on the service has been there to be sent to.
   */
  silences(hour: number, since: number, disabled: ReadonlySet<string>, heard: number, elsewhere = Number.NEGATIVE_INFINITY): Finding[] {
    if (disabled.has('silent_source') || this.to === Number.NEGATIVE_INFINITY || hour <= this.to) return [];
    const last = Math.max(this.rhythms[TENANT]!.last, heard, elsewhere);
    const from = Math.max(last, since);
    // The rhythm of the whole is that of its steadiest source: when that one was told before, each of the others must speak for itself.
    const toldBefore = SOURCE_NAMES.some((name) => this.told.has(silenceKey(name)));
    const others = SOURCE_NAMES.map((name, index) => (this.told.has(silenceKey(name)) ? 0 : this.rhythms[index]!.silence(hour, from)));
    if (toldBefore && Math.max(...others) < this.thresholds.silent_source) return [];
    const signal = this.silenceOf(TENANT, hour, last, from);
    return signal === null ? [] : [watchFinding(this.tenant, signal, 0, 0, false)];
  }

  dump(): unknown {
    return {
      to: this.to, day: this.day, today: this.today, told: new Map([...this.told].map(([key, { signal, ...rest }]) => [key, { ...rest, signal: { ...signal, analytic: signal.analytic.id } }])), quiet: this.quiet, quietDecades: this.quietDecades,
      rhythms: this.rhythms.map((each) => each.dump()), rates: this.rates.map((each) => each.dump()), floods: this.floods.map((each) => each.dump()), starved: this.starved.map((each) => each.dump()), fields: this.fields.map((each) => each.dump()),
    };
  }

  load(state: unknown): void {
    const from = state as WatchState;
    Object.assign(this, { to: from.to, day: from.day, today: from.today, quiet: from.quiet, quietDecades: from.quietDecades });
    this.told = new Map([...from.told].map(([key, { signal, ...rest }]) => [key, { ...rest, signal: { ...signal, analytic: ANALYTICS[signal.analytic as unknown as WatchId] } }]));
    this.rhythms.forEach((each, index) => { each.load(from.rhythms[index]); });
    this.rates.forEach((each, index) => { each.load(from.rates[index]); });
    this.floods.forEach((each, index) => { each.load(from.floods[index]); });
    this.starved.forEach((each, index) => { each.load(from.starved[index]); });
    this.fields.forEach((each, index) => { each.load(from.fields[index]); });
  }
}

/** The newest of these hours in which something came; −∞: none. */
export function newestOf(open: ReadonlyMap<number, Int32Array>): number {
  let newest = Number.NEGATIVE_INFINITY;
  for (const [hour, cells] of open) if (hour > newest && cells.subarray(eventsCell(0), eventsCell(SOURCES)).some((count) => count > 0)) newest = hour;
  return newest;
}

const NOTHING = new Int32Array(WATCH_CELLS);
const silenceKey = (subject: string): string => `silent:${subject}`;
const detectorEntity = (id: string): { type: 'application'; id: string } => ({ type: 'application', id: `wary/detector/${id}` });
const timeWords = (time: number): string => `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
const article = (what: string): string => (what === 'bytes' || what === 'content' ? what : `a ${what}`);

function thresholdsFrom(settings: Readonly<Record<string, { readonly thresholds: Readonly<Record<string, number>> } | undefined>>): Record<WatchId, number> {
  return Object.fromEntries(WATCH_IDS.map((id) => [id, settings[id]?.thresholds[SETTINGS[id]] ?? ANALYTICS[id].settings.decadesMin])) as Record<WatchId, number>;
}
