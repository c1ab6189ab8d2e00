import { parseEntityKey, type Entity } from '@wary/model/entity.js';
import type { Finding } from '@wary/model/finding.js';
import { betaBinomialLogUpper } from '@wary/baseline/beta-binomial.js';
import { ANALYTICS } from '../analytics.js';
import { findingId } from '../finding-id.js';
import { BEHAVIOURS, CATEGORIES, CATEGORY_LABELS, WINDOWS } from '../features.js';
import { chanceWords, entityWords, numberWords, spanWords } from '../words.js';
import { poolCategory, POOLED_WINDOWS } from './pool-cells.js';

export interface CampaignSignal {
  readonly tenant: string;
  readonly key: number;
  /** The network, client program or model that they have in common. */
  readonly name: string;
  readonly behaviour: number;
  readonly window: number;
  readonly start: number;
  readonly end: number;
  /** Windows of principals that have it, and the unusual ones among them. */
  readonly n: number;
  readonly k: number;
  /** Shares of unusual windows: usual for these, of all others at the same time, and the larger of the two. */
  readonly usual: number;
  readonly others: number;
  readonly expected: number;
  readonly size: number;
  readonly members: readonly string[];
  readonly eventIds: readonly string[];
  readonly strength: number;
  /** Score of the model (−log10 of its p) that would be told. */
  readonly needed: number;
  /** Days that the evidence is of; 0: of this window alone. */
  readonly days: number;
}

const CONTRIBUTIONS_MAX = 8;
const NAMED_MAX = 5;
const EVENT_IDS_MAX = 20;
const WHAT = ['unusually much activity', 'unusually many different resources', 'unusually many failures', 'unusual tokens or cost'] as const;
const percent = (share: number): string => `${share < 0.1 ? Number((share * 100).toPrecision(2)) : Math.round(share * 100)} %`;
const ENTITY_TYPE = { network: 'network', client: 'application', model: 'model' } as const;

export function campaignFinding(signal: CampaignSignal, revision: number, seq: number): Finding {
  const { tenant, key, name, behaviour, window, start, end, n, k, usual, others, expected, members, eventIds, days } = signal;
  const analytic = ANALYTICS.campaign;
  const category = CATEGORIES[poolCategory(key)] as keyof typeof ENTITY_TYPE;
  const entity: Entity = { type: ENTITY_TYPE[category], id: name };
  const what = WHAT[behaviour]!;
  const at = `the ${CATEGORY_LABELS[category]} ${name}`;
  const strength = Number(signal.strength.toPrecision(9));
  const people = members.map((member) => parseEntityKey(member)!);
  const named = people.slice(0, NAMED_MAX).map((each) => entityWords(each)).join(', ');
  const rest = k - Math.min(NAMED_MAX, people.length);
  const when = spanWords(start, end);
  const band = { value: Number((n * expected).toPrecision(4)), low: 0, high: quietMost(signal) };
  const chance = chanceWords(strength);
  const over = days > 0 ? ` By itself such a day would be nothing: over ${days} days together the odds of it speak against chance.` : '';
  const shown = people.slice(0, CONTRIBUTIONS_MAX);
  return {
    id: findingId([analytic.id, analytic.version, tenant, entity.type, entity.id, BEHAVIOURS[behaviour]!, WINDOWS[POOLED_WINDOWS[window]!]!.id, start]), revision, tenant, entity: { type: entity.type, id: entity.id },
    detector: { id: analytic.id, version: analytic.version }, reason: analytic.reason, title: `Campaign: ${numberWords(k)} with ${what} have ${at} in common`,
    window: { start, end }, time: end, historical: false, deterministic: false, strength, p: days > 0 ? null : 10 ** -strength, criticality: 2, severity: 'medium',
    explanation: {
      summary: `${numberWords(k)} of the ${numberWords(n)} that used ${at} ${when} had ${what}, each perhaps too little to be told by itself. Usually ${percent(usual)} of them have, and ${percent(others)} of all others had at the same time: ${numberWords(band.value)} of ${numberWords(n)} were to be expected. By chance: ${chance}.${over} They are ${named}${rest > 0 ? ` and ${numberWords(rest)} more` : ''}.`,
      observed: k, expected: band, unit: 'principals', unlikely: chance,
      contributions: shown.map((each, index) => ({ feature: BEHAVIOURS[behaviour]!, label: `${what} of ${entityWords(each)}`, observed: 1, expected: `in ${percent(expected)} of such windows`, share: index === shown.length - 1 ? Number((1 - (shown.length - 1) * shareOf(shown.length)).toFixed(6)) : shareOf(shown.length) })),
      counterfactual: days > 0 ? { text: `Had ${numberWords(Math.floor(n * expected))} or fewer of them been unusual on each day, nothing would have been told.`, feature: BEHAVIOURS[behaviour]!, value: Math.floor(n * expected) } : { text: `With ${numberWords(band.high)} or fewer of them nothing would have been told of ${at} in this ${window === 0 ? 'hour' : 'day'}.`, feature: BEHAVIOURS[behaviour]!, value: band.high },
      peers: null, history: [], techniques: [...analytic.techniques], duties: [...analytic.duties],
      runbook: 'What do these accounts have in common beside it: one owner, one customer, one password list? Look at their events together, and at what succeeded among them; block or limit what they have in common rather than each of them.',
      calibration: 'model', baseline: null, eventIds: eventIds.slice(0, EVENT_IDS_MAX),
    },
    seq, closed: true,
  };
}

const shareOf = (count: number): number => Number((1 / count).toFixed(6));

/** The most that stays quiet, by the model that judged it. */
function quietMost({ k, n, expected, size, needed }: CampaignSignal): number {
  for (let least = k; least > 0; least -= 1) if (-betaBinomialLogUpper(least, n, size * expected, size * (1 - expected)) * Math.LOG10E < needed) return least;
  return 0;
}
