import { Dice } from '../dice.js';
import type { Agent } from '../world/machines.js';
import type { Person } from '../world/person.js';
import type { World } from '../world/world.js';
import { DAY_MS, dayOf, HOUR_MS } from '../world/zone.js';
import type { AbuseCase, Case, Played } from './abuse-case.js';
import { ABUSE_KINDS, INTENSITIES, type AbuseKind, type Intensity } from './abuse-kind.js';
import { accountSharing } from './attacks/account-sharing.js';
import { agentLoop } from './attacks/agent-loop.js';
import { boilingFrogKey, boilingFrogPerson } from './attacks/boiling-frog.js';
import { extractionOne, extractionTen } from './attacks/extraction.js';
import { leaverNight } from './attacks/leaver-night.js';
import { membershipProbing } from './attacks/membership-probing.js';
import { oneRecord } from './attacks/one-record.js';
import { privilegeCreep } from './attacks/privilege-creep.js';
import { purposeMisuse } from './attacks/purpose-misuse.js';
import { readThenSend } from './attacks/read-then-send.js';
import { sabotage } from './attacks/sabotage.js';
import { slowDrip } from './attacks/slow-drip.js';
import { spraySuccess } from './attacks/spray-success.js';
import { stolenKey } from './attacks/stolen-key.js';
import type { Customer, Outage } from './customer.js';
import type { Stage } from './stage.js';
import { cleanUp, cloudMove, handOver, officeProvider, outage, quarterEnd, vpnUsers } from './twins/twins.js';

/** Days that an attack takes at most, a week of leave and holidays included for people, so that it ends before the world does. */
const DAYS_MAX: Readonly<Record<AbuseKind, Readonly<Record<Intensity, number>>>> = {
  leaver_night: { blatant: 2, moderate: 3, slow: 15 }, slow_drip: { blatant: 40, moderate: 40, slow: 40 }, boiling_frog: { blatant: 30, moderate: 30, slow: 30 }, stolen_key: { blatant: 2, moderate: 2, slow: 7 },
  extraction_one: { blatant: 2, moderate: 3, slow: 11 }, extraction_ten: { blatant: 2, moderate: 4, slow: 11 }, membership_probing: { blatant: 2, moderate: 4, slow: 15 }, agent_loop: { blatant: 2, moderate: 2, slow: 4 },
  read_then_send: { blatant: 2, moderate: 2, slow: 6 }, one_record: { blatant: 10, moderate: 14, slow: 36 }, purpose_misuse: { blatant: 10, moderate: 12, slow: 22 }, spray_success: { blatant: 2, moderate: 2, slow: 4 },
  privilege_creep: { blatant: 10, moderate: 22, slow: 41 }, sabotage: { blatant: 10, moderate: 10, slow: 22 }, account_sharing: { blatant: 10, moderate: 15, slow: 36 },
};

/** Whom an attack takes, each only once. */
class Casting {
  private readonly people: Person[];
  private readonly keys: Customer[];
  private readonly agents: Agent[];
  constructor(readonly world: World, customers: readonly Customer[], dice: Dice) {
    this.people = dice.sample(world.people.filter(({ joinDay }) => joinDay === Number.NEGATIVE_INFINITY), world.people.length);
    this.keys = dice.sample(customers, customers.length);
    this.agents = dice.sample(world.agents, world.agents.length);
  }

  person(fits: (person: Person) => boolean): Person {
    const at = this.people.findIndex(fits);
    // Where nobody of the wanted sort is left, anybody does.
    return this.people.splice(Math.max(0, at), 1)[0]!;
  }

  of = (...departments: string[]): Person => this.person(({ department, noticeDay }) => noticeDay === Number.POSITIVE_INFINITY && departments.includes(department.id));
  leaver = (): Person => this.person(({ noticeDay }) => noticeDay !== Number.POSITIVE_INFINITY);
  key(fits: (customer: Customer) => boolean = () => true): Customer {
    return this.keys.splice(Math.max(0, this.keys.findIndex((customer) => customer.move === null && fits(customer))), 1)[0]!;
  }
  agent(works: readonly Agent['work'][]): Agent {
    return this.agents.splice(Math.max(0, this.agents.findIndex(({ work }) => works.includes(work))), 1)[0]!;
  }
}

function play(kind: AbuseKind, stage: Stage, cast: Casting): Played {
  const { seed } = cast.world;
  switch (kind) {
    case 'leaver_night': return leaverNight(stage, cast.leaver());
    case 'slow_drip': return slowDrip(stage, cast.of('sales', 'engineering', 'claims', 'marketing', 'finance'));
    case 'boiling_frog': return (seed + INTENSITIES.indexOf(stage.intensity)) % 2 === 0 ? boilingFrogKey(stage, cast.key(({ eventsPerDay }) => eventsPerDay > 12)) : boilingFrogPerson(stage, cast.of('claims', 'support', 'sales'));
    case 'stolen_key': return stolenKey(stage, cast.key());
    case 'extraction_one': return extractionOne(stage, cast.key());
    case 'extraction_ten': return extractionTen(stage, Array.from({ length: 10 }, () => cast.key()));
    case 'membership_probing': return membershipProbing(stage, cast.key(({ logprobs }) => !logprobs));
    case 'agent_loop': return agentLoop(stage, cast.agent(['triage', 'claims', 'research']));
    case 'read_then_send': return readThenSend(stage, cast.agent(['operations', 'reconcile', 'research']));
    case 'one_record': return oneRecord(stage, cast.of('claims', 'support', 'sales'));
    case 'purpose_misuse': return purposeMisuse(stage, cast.of('marketing', 'finance', 'engineering'));
    case 'spray_success': return spraySuccess(stage, cast.of('sales', 'claims', 'engineering', 'finance'));
    case 'privilege_creep': return privilegeCreep(stage, cast.of('it-operations'));
    case 'sabotage': return sabotage(stage, stage.intensity === 'slow' ? cast.of('data-science') : cast.of('engineering', 'data-science'));
    case 'account_sharing': return accountSharing(stage, cast.of('support', 'claims', 'sales'));
  }
}

/** Every attack at every intensity on somebody of its own, each at a time of its own in the live days. */
export function castAttacks(world: World, customers: readonly Customer[]): { readonly attacks: AbuseCase[]; readonly rest: Casting } {
  const dice = new Dice(`${world.seed}/abuse/cast`);
  const cast = new Casting(world, customers, dice);
  const first = dayOf(world.liveStart);
  const days = Math.round((world.end - world.liveStart) / DAY_MS);
  const attacks: AbuseCase[] = [];
  for (const kind of ABUSE_KINDS) {
    for (const intensity of INTENSITIES) {
      const latest = Math.max(0, days - DAYS_MAX[kind][intensity] - 1);
      let firstDay = first + dice.whole(0, latest);
      // Machines do not rest; people's attacks look for a working day themselves.
      if (kind === 'spray_success' || kind === 'agent_loop' || kind === 'stolen_key') while (!world.calendar.isWorkday(firstDay, 'DE') && firstDay > first) firstDay -= 1;
      const stage: Stage = { world, id: `${kind}-${intensity}`, firstDay, intensity };
      attacks.push({ id: stage.id, kind, intensity, category: 'attack', firstDay, ...play(kind, stage, cast) });
    }
  }
  return { attacks, rest: cast };
}

export interface TwinPlan { readonly moveDay: number; readonly outages: readonly Outage[] }

/** The outage, and when some customers move. */
export function planTwins(seed: number, liveDay: number, days: number): TwinPlan {
  const dice = new Dice(`${seed}/abuse/twin-plan`);
  const from = (liveDay + dice.whole(3, days - 5)) * DAY_MS + dice.between(9, 15) * HOUR_MS;
  return { moveDay: liveDay + dice.whole(4, days - 8), outages: [{ from, to: from + dice.between(1.5, 2.5) * HOUR_MS }] };
}

export function castTwins(world: World, customers: readonly Customer[], rest: Casting, { moveDay, outages }: TwinPlan): Case[] {
  const dice = new Dice(`${world.seed}/abuse/twins`);
  const first = dayOf(world.liveStart);
  const last = dayOf(world.end) - 1;
  const days = last - first;
  const office = world.people.filter(({ office: { country }, joinDay }) => country === 'US' && joinDay === Number.NEGATIVE_INFINITY);
  const anyone = (): Person => rest.of('sales', 'engineering', 'claims', 'support', 'marketing');
  return [
    vpnUsers(world, [anyone(), anyone(), anyone(), anyone()], first + dice.whole(2, days - 8), last),
    ...(office.length === 0 ? [] : [officeProvider(office, first + dice.whole(3, days - 8), last)]),
    cloudMove(customers.filter(({ move }) => move !== null), moveDay),
    quarterEnd(world, first + dice.whole(2, days - 6)),
    outage(customers, dayOf(outages[0]!.from), outages[0]!),
    cleanUp(world, [rest.of('engineering', 'data-science'), rest.of('marketing', 'finance')], first + dice.whole(2, days - 12)),
    handOver(world, [[rest.of('sales'), rest.of('claims')], [rest.of('support'), rest.of('sales')]], first + dice.whole(2, days - 10)),
  ];
}
