import { Dice } from '../dice.js';
import { COMPANY } from './catalogue.js';
import { cloudOf, PARTNER_PLACES, type Place } from './networks.js';
import type { Person } from './person.js';

export type ServiceRhythm = 'nightly' | 'hourly' | 'business' | 'steady' | 'weekly' | 'close';
export interface Service { readonly id: string; readonly group: string; readonly rhythm: ServiceRhythm; readonly eventsPerDay: number; readonly place: Place; readonly userAgent: string; readonly purpose: string; readonly owner: string }
export interface ApiKey {
  readonly id: string;
  readonly use: 'partner' | 'mobile' | 'dashboard' | 'evaluation' | 'labelling' | 'notebook' | 'customer';
  /** The person who answers for it, or null for an integration key, which is a principal of its own. */
  readonly owner: Person | null;
  readonly eventsPerDay: number;
  readonly place: Place;
  readonly userAgent: string;
  readonly model: string;
  readonly contact: string;
}
export interface Agent { readonly id: string; readonly work: 'triage' | 'operations' | 'research' | 'reconcile' | 'claims'; readonly runsPerDay: number; readonly model: string; readonly place: Place; readonly tools: readonly string[]; readonly autonomous: boolean }

export interface Machines { readonly services: readonly Service[]; readonly keys: readonly ApiKey[]; readonly agents: readonly Agent[] }

/** Services and batch jobs, API keys and agents. Their volumes follow `scale` (1 for the default tempo of 120 people). */
export function createMachines(seed: number, people: readonly Person[], scale: number): Machines {
  const dice = new Dice(`${seed}/machines`);
  const of = (department: string): Person[] => people.filter((person) => person.department.id === department && person.joinDay === Number.NEGATIVE_INFINITY);
  const service = (id: string, rhythm: ServiceRhythm, eventsPerDay: number, purpose: string, owner: string, slot: number, agent: string): Service =>
    ({ id: `svc/${id}`, group: 'services', rhythm, eventsPerDay: eventsPerDay * scale, place: cloudOf(slot), userAgent: agent, purpose, owner });
  const services = [
    service('claims-intake', 'business', 420, 'claims-handling', 'claims', 1, 'claims-intake/3.2 okhttp/5.1'),
    service('chat-portal', 'business', 460, 'customer-service', 'support', 2, 'chat-portal/2.9 node'),
    service('fraud-scoring', 'steady', 380, 'fraud-detection', 'data-science', 3, 'fraud-scoring/1.14 python-requests/2.32'),
    service('etl-nightly', 'nightly', 64, 'data-platform', 'data-science', 4, 'etl-nightly/7.0 jdbc'),
    service('report-builder', 'hourly', 120, 'financial-reporting', 'finance', 5, 'report-builder/4.1'),
    service('backup', 'weekly', 40, 'data-platform', 'it-operations', 6, 'backup/2.2'),
    service('finance-close', 'close', 34, 'financial-reporting', 'finance', 7, 'finance-close/1.8 jdbc'),
  ];
  const integration = (id: string, use: ApiKey['use'], eventsPerDay: number, model: string, contact: string, place: Place, userAgent: string): ApiKey =>
    ({ id: `key/${id}`, use, owner: null, eventsPerDay: eventsPerDay * scale, place, userAgent, model, contact });
  const keys: ApiKey[] = [
    integration('partner-garages', 'partner', 170, 'claims-extract', 'claims', PARTNER_PLACES.garages, 'garage-connect/2.4'),
    integration('partner-brokers', 'partner', 130, 'fraud-score', 'sales', PARTNER_PLACES.brokers, 'broker-suite/11.0'),
    integration('mobile-app', 'mobile', 280, 'assistant-small', 'engineering', cloudOf(132), 'kestrel-mobile-backend/5.3'),
    integration('bi-dashboard', 'dashboard', 110, 'assistant-small', 'finance', cloudOf(133), 'bi-dashboard/3.0'),
    integration('eval-harness', 'evaluation', 90, 'claims-extract', 'data-science', cloudOf(134), 'eval-harness/0.9 python-httpx/0.28'),
    integration('labelling-vendor', 'labelling', 160, 'fraud-score', 'data-science', PARTNER_PLACES.labelling, 'label-studio/1.20'),
  ];
  const owners = [...dice.sample(of('data-science'), Math.max(2, Math.round(5 * people.length / 120))), ...dice.sample(of('engineering'), Math.max(2, Math.round(5 * people.length / 120)))];
  owners.forEach((owner, i) => keys.push({
    id: `key/nb-${owner.id}`, use: 'notebook', owner, eventsPerDay: dice.between(10, 45) * Math.min(1, scale), place: cloudOf(200 + i),
    userAgent: dice.pick(['python-requests/2.32.3', 'openai-python/2.8.1', 'python-httpx/0.28.1']), model: dice.pick(['assistant-large', 'claims-extract', 'code-assist']), contact: owner.department.id,
  }));
  const agent = (id: string, work: Agent['work'], runsPerDay: number, model: string, slot: number, autonomous: boolean, tools: readonly string[]): Agent =>
    ({ id: `agent/${id}`, work, runsPerDay: runsPerDay * scale, model, place: cloudOf(slot), tools, autonomous });
  const agents = [
    agent('ticket-triage', 'triage', 46, 'assistant-small', 300, true, ['read_ticket', 'search_wiki', 'update_ticket']),
    agent('ops-runner', 'operations', 22, 'assistant-large', 301, true, ['read_ticket', 'read_secret', 'run_job', 'web_fetch', 'http_post', 'post_chat']),
    agent('market-research', 'research', 14, 'assistant-large', 302, true, ['web_fetch', 'search_wiki', 'write_document', 'read_document', 'http_post']),
    agent('ledger-reconcile', 'reconcile', 8, 'assistant-large', 303, true, ['read_invoice', 'read_ledger', 'read_secret', 'send_mail', 'http_post']),
    agent('claims-helper', 'claims', 40, 'assistant-small', 304, false, ['read_claim', 'search_policy', 'draft_letter']),
  ];
  return { services, keys, agents };
}

export const userAgentOfAgent = (agent: Agent): string => `${agent.id.slice(6)}/1.0 (${COMPANY} agents)`;
