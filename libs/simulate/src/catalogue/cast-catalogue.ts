import type { CapabilityId } from '@wary/model/catalogue/capability.js';
import { CAPABILITIES } from '@wary/model/catalogue/capabilities.js';
import { worksOn } from '../activity/person-day.js';
import { accountSharing } from '../abuse/attacks/account-sharing.js';
import { leaverNight } from '../abuse/attacks/leaver-night.js';
import { privilegeCreep } from '../abuse/attacks/privilege-creep.js';
import { sabotage } from '../abuse/attacks/sabotage.js';
import { spraySuccess } from '../abuse/attacks/spray-success.js';
import type { Customer } from '../abuse/customer.js';
import type { Stage } from '../abuse/stage.js';
import { cleanUp, vpnUsers } from '../abuse/twins/twins.js';
import { Dice } from '../dice.js';
import { newJoiner, quarterEnd, traveller } from '../scenarios/oddities.js';
import { personalDataPaste } from '../scenarios/personal-data-paste.js';
import type { Scenario } from '../scenarios/scenario.js';
import { stolenKey } from '../scenarios/stolen-key.js';
import type { Person } from '../world/person.js';
import type { World } from '../world/world.js';
import { DAY_MS, dayOf, HOUR_MS, MINUTE_MS } from '../world/zone.js';
import { functionsAboveRole, malformedRequests, oldVersionUsed, recordEnumeration, toolToMetadata } from './api-attacks.js';
import { administratorWorks, agreedMigration, brokenRelease, cloudMoved, passwordsExpire, ownPages, toolToPublicPage } from './api-twins.js';
import type { CatalogueCase, Played } from './catalogue-case.js';
import { massDownload, nightWork, sessionTaken, stagedExfiltration, strangeData, unsignedPush } from './insider-attacks.js';
import { archiveToShare, leaverHandsOver, onboardingRights, overtime, signedRelease, singleLetter } from './insider-twins.js';

/** A scenario of the demo's organisation as a case: its change holds from its first to its last day. */
const ofScenario = ({ entity, description, events, change }: Scenario): Played => ({
  entities: [entity], description, events,
  ...(change === undefined ? {} : { change: { people: change.people, on: (day) => change.on(day) } }),
});

/** Each person plays once; those of the wanted department first who are at work on every live day, then anybody who is. */
class People {
  private readonly left: Person[];
  constructor(world: World, days: readonly number[], dice: Dice) {
    const there = world.people.filter((person) => person.joinDay === Number.NEGATIVE_INFINITY && days.every((day) => !world.calendar.isWorkday(day, person.office.country) || worksOn(world, person, day)));
    this.left = dice.sample(there, there.length);
  }

  private first(fits: (person: Person) => boolean): Person {
    const at = this.left.findIndex(fits);
    if (this.left.length === 0) throw new Error('the company is too small for the catalogue');
    return this.left.splice(Math.max(0, at), 1)[0]!;
  }

  of = (...departments: string[]): Person => this.first(({ department, noticeDay }) => noticeDay === Number.POSITIVE_INFINITY && departments.includes(department.id));
  leaver = (): Person => this.first(({ noticeDay }) => noticeDay !== Number.POSITIVE_INFINITY);
  /** Up to so many of one office. */
  take(country: string, count: number): Person[] {
    const taken = this.left.filter(({ office }) => office.country === country).slice(0, count);
    for (const person of taken) this.left.splice(this.left.indexOf(person), 1);
    return taken;
  }
  rest = (): readonly Person[] => this.left;
}

/** Every scenario of the catalogue and every twin, by principals of their own; `customers`: at least seven, the first of which moves to another cloud. */
export function castCatalogue(world: World, customers: readonly Customer[]): CatalogueCase[] {
  const dice = new Dice(`${world.seed}/catalogue`);
  const first = dayOf(world.liveStart);
  const days = Array.from({ length: Math.round((world.end - world.liveStart) / DAY_MS) }, (_, i) => first + i);
  const people = new People(world, days, dice);
  const [mover, enumerating, fuzzing, old, released, agreed] = customers as readonly [Customer, Customer, Customer, Customer, Customer, Customer];
  const agents = world.agents.filter(({ work }) => work === 'operations' || work === 'research');
  const stage = (id: string, intensity: Stage['intensity'] = 'blatant'): Stage => ({ world, id, firstDay: first, intensity });
  const administrators = [people.of('it-operations'), people.of('it-operations'), people.of('it-operations')] as const;
  const leavers = [people.leaver(), people.leaver()] as const;
  const joiner = world.people.find(({ joinDay }) => joinDay !== Number.NEGATIVE_INFINITY)!;
  const paster = people.of('marketing', 'support', 'sales', 'hr');
  const atDesk = (person: Person): number => person.office.zone.at(first, person.startHour + 2.5);

  const others: Readonly<Record<Exclude<CapabilityId, 'AP-1'>, readonly [Played, Played]>> = {
    'IN-1': [massDownload(stage('mass_download'), people.of('sales', 'claims', 'finance')), ofScenario(quarterEnd(world, 'quarter_end_close', world.services.find(({ rhythm }) => rhythm === 'close')!, first * DAY_MS + 19.6 * HOUR_MS))],
    'IN-2': [nightWork(stage('night_work'), people.of('claims', 'support')), overtime(stage('overtime'), people.of('finance', 'sales'))],
    'IN-3': [strangeData(stage('strange_data'), people.of('marketing', 'sales')), ofScenario(newJoiner(world, 'new_joiner', joiner, administrators[1], days.at(-1)!))],
    'IN-4': [privilegeCreep(stage('privilege_creep'), administrators[0]), onboardingRights(stage('onboarding_rights'), administrators[1], people.take('DE', 2))],
    'IN-5': [stagedExfiltration(stage('staged_exfiltration'), people.of('engineering', 'sales')), archiveToShare(stage('archive_to_share'), people.of('engineering', 'claims'))],
    'IN-6': [sabotage(stage('sabotage', 'moderate'), people.of('engineering', 'data-science')), cleanUp(world, [people.of('engineering', 'claims')], first)],
    'IN-7': [accountSharing(stage('account_sharing'), people.of('support', 'claims')), vpnUsers(world, [people.of('sales', 'marketing')], first, days.at(-1)!)],
    'IN-8': [sessionTaken(stage('session_taken'), people.of('sales', 'claims')), ofScenario(traveller(world, 'business_trip', people.of('sales', 'engineering'), first, days.at(-1)!))],
    'IN-9': [leaverNight(stage('leaver_night'), leavers[0]), leaverHandsOver(stage('leaver_hands_over'), leavers[1])],
    'IN-10': [ofScenario(personalDataPaste(world, 'customer_paste', paster, { start: atDesk(paster), spanMs: 40 * MINUTE_MS, pastes: 8 })), singleLetter(stage('single_letter'), people.of('support', 'claims'))],
    'IN-11': [unsignedPush(stage('unsigned_push'), people.of('data-science', 'engineering')), signedRelease(stage('signed_release'), people.of('data-science', 'engineering'), people.of('data-science', 'engineering'))],
    'AP-2': [recordEnumeration(stage('record_enumeration'), enumerating), ownPages(stage('own_pages'), world.keys.find(({ use }) => use === 'partner')!)],
    'AP-3': [functionsAboveRole(stage('functions_above_role'), people.of('sales', 'marketing')), administratorWorks(stage('administrator_works'), administrators[2])],
    'AP-4': [malformedRequests(stage('malformed_requests'), fuzzing), brokenRelease(stage('broken_release'), released)],
    'AP-5': [ofScenario(stolenKey(world, 'stolen_key', world.keys.find(({ use }) => use === 'mobile')!, { start: first * DAY_MS + 13 * HOUR_MS, spanMs: HOUR_MS, calls: 900 })), cloudMoved(mover)],
    'AP-6': [oldVersionUsed(stage('old_version_used'), old), agreedMigration(stage('agreed_migration'), agreed)],
    'AP-7': [toolToMetadata(stage('tool_to_metadata'), agents[0]!), toolToPublicPage(stage('tool_to_public_page'), agents.at(-1)!)],
  };
  // Last, and on those who are left: whoever is tried has failures from abroad, which must not be laid at another case's door.
  const sprayed = people.of('sales', 'claims');
  const office = people.take('DE', 12);
  const played: Readonly<Record<CapabilityId, readonly [Played, Played]>> = { ...others, 'AP-1': [spraySuccess({ ...stage('password_spray', 'moderate'), world: { ...world, people: people.rest() } }, sprayed), passwordsExpire(stage('passwords_expire'), office)] };
  return CAPABILITIES.flatMap(({ id, scenario, twin }) => (['attack', 'twin'] as const).map((category, i): CatalogueCase => {
    const { entities, description, events, change } = played[id][i]!;
    return { capability: id, category, name: category === 'attack' ? scenario : twin, entities, description, events, ...(change === undefined ? {} : { change }) };
  }));
}

