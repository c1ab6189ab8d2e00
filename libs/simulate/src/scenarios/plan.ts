import { Dice } from '../dice.js';
import type { Person } from '../world/person.js';
import type { World } from '../world/world.js';
import { DAY_MS, dayOf, HOUR_MS, MINUTE_MS, weekdayOf } from '../world/zone.js';
import { agentExfiltration } from './agent-exfiltration.js';
import { injectionCampaign } from './injection-campaign.js';
import { leaverNights, type LeaverPlan } from './leaver.js';
import { modelExtraction } from './model-extraction.js';
import { evaluationRun, newJoiner, quarterEnd, traveller } from './oddities.js';
import { personalDataPaste } from './personal-data-paste.js';
import type { LivePlan } from './live-plan.js';
import type { Scenario } from './scenario.js';
import { stolenKey } from './stolen-key.js';

/** Who plays what. Another turn is played by others. */
interface Cast { readonly leaver: Person; readonly paster: Person; readonly injector: Person }

const usual = (person: Person): boolean => person.joinDay === Number.NEGATIVE_INFINITY && person.noticeDay === Number.POSITIVE_INFINITY;
const at = <T>(items: readonly T[], turn: number): T => items[turn % items.length]!;

function castOf(world: World, turn: number): Cast {
  const dice = new Dice(`${world.seed}/cast`);
  const settled = dice.sample(world.people.filter(usual), world.people.length);
  const of = (...departments: string[]): Person[] => {
    const there = settled.filter((person) => departments.includes(person.department.id));
    return there.length > 0 ? there : settled;
  };
  const paster = at(of('support', 'marketing', 'sales', 'hr'), turn);
  const injector = at(of('claims', 'sales', 'marketing', 'support').filter((person) => person !== paster), turn);
  return { leaver: at(world.people.filter((person) => person.noticeDay !== Number.POSITIVE_INFINITY), turn), paster, injector };
}

/** The model that is copied, and whose keys are left to the one who copies it. */
const EXTRACTED_MODEL = 'fraud-score';

/** The notebook keys of people and the integration keys take turns as the stolen one. */
const stealable = (world: World, turn: number, taken: readonly (Person | undefined)[]) => {
  const owned = world.keys.filter((key) => key.owner !== null && !taken.includes(key.owner));
  const integrations = world.keys.filter((key) => (key.use === 'mobile' || key.use === 'dashboard' || key.use === 'partner') && key.model !== EXTRACTED_MODEL);
  return (world.seed + turn) % 2 === 0 && owned.length > 0 ? at(owned, turn + world.seed) : at(integrations, turn + world.seed);
};
const extractors = (world: World, turn: number) => at(world.keys.filter((key) => key.model === EXTRACTED_MODEL), turn + world.seed);
const agents = (world: World, turn: number) => at(world.agents.filter((agent) => agent.work === 'operations' || agent.work === 'reconcile' || agent.work === 'research'), turn + world.seed);

/** The oddities and attacks of the live days, each at an hour that suits it. */
export function planScenarios(world: World): Scenario[] {
  const dice = new Dice(`${world.seed}/plan`);
  const { leaver, paster, injector } = castOf(world, 0);
  const days = Array.from({ length: Math.round((world.end - world.liveStart) / DAY_MS) }, (_, i) => dayOf(world.liveStart) + i);
  const workdays = (person: Person): number[] => {
    const there = days.filter((day) => world.calendar.isWorkday(day, person.office.country));
    return there.length > 0 ? there : days;
  };
  const inside = (person: Person, hour: () => number, marginMs: number): number => {
    // A local hour of the first or last day may lie outside the live days: draw again, and clamp in the end.
    let time = world.liveStart;
    for (let tries = 0; tries < 12; tries += 1) {
      time = person.office.zone.at(dice.pick(workdays(person)), hour());
      if (time >= world.liveStart && time <= world.end - marginMs) return time;
    }
    return Math.min(Math.max(time, world.liveStart), world.end - marginMs);
  };
  const anytime = (marginMs: number): number => Math.round(dice.between(world.liveStart, world.end - marginMs));

  const oddities: Scenario[] = [];
  const service = world.services.find((each) => each.rhythm === 'close')!;
  const closingDay = dice.pick(days.filter((day) => world.calendar.isWorkday(day, 'DE')).length > 0 ? days.filter((day) => world.calendar.isWorkday(day, 'DE')) : days);
  oddities.push(quarterEnd(world, 'quarter_end_batch-1', service, closingDay * DAY_MS + 19.6 * HOUR_MS));
  oddities.push(evaluationRun(world, 'evaluation_run-1', world.keys.find((key) => key.use === 'evaluation')!, Math.round(at(days, dice.whole(0, days.length - 1)) * DAY_MS + dice.between(8, 14) * HOUR_MS)));
  const travels = new Dice(`${world.seed}/travels`).sample(world.people.filter((person) => usual(person) && person !== paster && person !== injector && ['sales', 'engineering', 'data-science', 'marketing', 'claims'].includes(person.department.id) && person.office.country === 'DE'), 1)[0];
  if (travels !== undefined) oddities.push(traveller(world, 'traveller-1', travels, days[0]!, days.at(-1)!));
  const administrator = world.people.find((person) => person.department.id === 'it-operations') ?? world.people[0]!;
  const joiner = world.people.find((person) => person.joinDay !== Number.NEGATIVE_INFINITY);
  if (joiner !== undefined) oddities.push(newJoiner(world, 'new_joiner-1', joiner, administrator, days.at(-1)!));

  const agentDay = days.filter((day) => weekdayOf(day) < 5).length > 0 ? dice.pick(days.filter((day) => weekdayOf(day) < 5)) : days[0]!;
  const agentStart = Math.round(agentDay * DAY_MS + dice.between(7.5, 16) * HOUR_MS);
  return [
    ...oddities,
    leaverNights(world, 'leaver_night_downloads-1', leaver, leaverPlan(world, leaver, dice)),
    stolenKey(world, 'stolen_key-1', stealable(world, 0, [leaver, paster, injector, travels]), { start: anytime(2 * HOUR_MS), spanMs: dice.between(40, 90) * MINUTE_MS, calls: dice.whole(900, 2_200) }),
    modelExtraction(world, 'model_extraction-1', extractors(world, 0), { start: anytime(5.5 * HOUR_MS), spanMs: dice.between(2.5, 5) * HOUR_MS, queries: dice.whole(2_500, 6_000) }),
    injectionCampaign(world, 'prompt_injection_campaign-1', injector, { start: inside(injector, () => dice.between(9, 19), 4 * HOUR_MS), spanMs: dice.between(50, 150) * MINUTE_MS, prompts: dice.whole(45, 90) }),
    personalDataPaste(world, 'personal_data_paste-1', paster, { start: inside(paster, () => dice.between(9.5, 16), 2 * HOUR_MS), spanMs: dice.between(20, 60) * MINUTE_MS, pastes: dice.whole(6, 12) }),
    agentExfiltration(world, 'agent_exfiltration-1', agents(world, 0), { starts: [agentStart, agentStart + Math.round(dice.between(20, 40) * MINUTE_MS)], paceMs: 9_000 }),
  ].sort((a, b) => a.start - b.start);
}

/** Two nights in a row where the live days have room for them. */
function leaverPlan(world: World, leaver: Person, dice: Dice): LeaverPlan {
  const nights: LeaverPlan['nights'][number][] = [];
  const night = (start: number): LeaverPlan['nights'][number] => ({ start, spanMs: dice.between(45, 100) * MINUTE_MS, files: dice.whole(130, 260) });
  for (let day = dayOf(world.liveStart) - 1; day < dayOf(world.end); day += 1) {
    const start = leaver.office.zone.at(day, dice.between(23.2, 26.5));
    if (start >= world.liveStart && start <= world.end - 2 * HOUR_MS) nights.push(night(start));
  }
  // A single live day may hold no night of this office: the hour is then the last that is left.
  if (nights.length === 0) nights.push(night(world.end - 2 * HOUR_MS));
  const first = dice.whole(0, Math.max(0, nights.length - 2));
  return { nights: nights.slice(first, first + 2) };
}

/**
 * All six attacks within a stretch of some minutes to an hour, for a demo: the quick ones first, the leaver being somebody for whom it is
 * night now. Pace and amount are those of the ordinary plan, cut to the stretch.
 */
export function planLive(world: World, { start, spanMs, round }: LivePlan): Scenario[] {
  const { paster, injector } = castOf(world, round);
  const leavers = world.people.filter((person) => person.noticeDay !== Number.POSITIVE_INFINITY);
  const hoursFromNight = (person: Person): number => Math.abs(((person.office.zone.local(start).hour - 1 + 36) % 24) - 12);
  const leaver = [...leavers].sort((a, b) => hoursFromNight(a) - hoursFromNight(b))[0]!;
  const when = (share: number): number => Math.round(start + share * spanMs);
  const minutes = spanMs / MINUTE_MS;
  const name = (kind: string): string => `${kind}-r${round}`;
  return [
    agentExfiltration(world, name('agent_exfiltration'), agents(world, round), { starts: [when(0.01), when(0.5)], paceMs: Math.min(9_000, spanMs / 600) }),
    personalDataPaste(world, name('personal_data_paste'), paster, { start: when(0.06), spanMs: 0.3 * spanMs, pastes: 8 }),
    leaverNights(world, name('leaver_night_downloads'), leaver, { nights: [{ start: when(0.1), spanMs: 0.85 * spanMs, files: Math.round(Math.min(240, Math.max(120, 4 * minutes))) }] }),
    stolenKey(world, name('stolen_key'), stealable(world, round, [leaver, paster, injector]), { start: when(0.18), spanMs: 0.5 * spanMs, calls: 900 }),
    injectionCampaign(world, name('prompt_injection_campaign'), injector, { start: when(0.26), spanMs: 0.6 * spanMs, prompts: 56 }),
    modelExtraction(world, name('model_extraction'), extractors(world, round), { start: when(0.34), spanMs: 0.6 * spanMs, queries: 1_800 }),
  ].sort((a, b) => a.start - b.start);
}
