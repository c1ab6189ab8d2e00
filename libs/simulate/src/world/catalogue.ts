import type { NativeResource } from '../native-event.js';

export interface Dataset { readonly id: string; readonly labels: readonly string[]; readonly criticality: 'low' | 'medium' | 'high' | 'critical'; readonly owner: string; readonly allowed: readonly string[]; readonly denied: readonly string[]; readonly bytesPerRow: number }

const set = (id: string, criticality: Dataset['criticality'], owner: string, labels: readonly string[], allowed: readonly string[], denied: readonly string[] = [], bytesPerRow = 140): Dataset => ({ id, labels, criticality, owner, allowed, denied, bytesPerRow });

export const DATASETS: readonly Dataset[] = [
  set('ds/customers', 'critical', 'sales', ['pii'], ['support', 'sales', 'claims-handling', 'customer-service', 'data-platform', 'partner-service'], ['ad-targeting'], 320),
  set('ds/claims', 'critical', 'claims', ['pii', 'health'], ['claims-handling', 'analytics', 'fraud-detection', 'customer-service', 'data-platform', 'partner-service', 'financial-reporting', 'evaluation'], ['ad-targeting', 'sales'], 680),
  set('ds/payroll', 'critical', 'hr', ['pii', 'financial'], ['hr-administration', 'payroll', 'data-platform'], [], 260),
  set('ds/hr-records', 'high', 'hr', ['pii'], ['hr-administration', 'payroll', 'data-platform'], ['analytics'], 420),
  set('ds/policies', 'high', 'sales', ['pii'], [], [], 240),
  set('ds/fraud-cases', 'high', 'data-science', ['pii'], ['fraud-detection', 'analytics', 'data-platform'], [], 540),
  set('ds/training-claims', 'high', 'data-science', ['training'], [], [], 900),
  set('ds/leads', 'medium', 'marketing', ['pii'], [], [], 180),
  set('ds/invoices', 'medium', 'finance', ['financial'], [], [], 210),
  set('ds/ledger', 'high', 'finance', ['financial'], [], [], 120),
  set('ds/telemetry', 'low', 'engineering', [], [], [], 90),
  set('ds/web-analytics', 'low', 'marketing', [], [], [], 110),
];
const DATASET_BY_ID = new Map(DATASETS.map((each) => [each.id, each]));
export const datasetOf = (id: string): Dataset => DATASET_BY_ID.get(id)!;
export const datasetResource = (id: string): NativeResource => ({ id, type: 'dataset', labels: datasetOf(id).labels, owner: datasetOf(id).owner });

/** One record of a set, by its number. */
export const recordResource = (id: string, number: string): NativeResource => ({ ...datasetResource(id), id: `${id}/${number}`, type: 'record' });

export interface Model { readonly id: string; readonly provider: string; readonly inputPricePerMillion: number; readonly outputPricePerMillion: number; readonly msPerToken: number; readonly owner: string; readonly riskClass: 'minimal' | 'limited' | 'high' }

export const MODELS: readonly Model[] = [
  { id: 'assistant-large', provider: 'azure.ai.openai', inputPricePerMillion: 2.5, outputPricePerMillion: 10, msPerToken: 14, owner: 'it-operations', riskClass: 'limited' },
  { id: 'assistant-small', provider: 'azure.ai.openai', inputPricePerMillion: 0.3, outputPricePerMillion: 1.2, msPerToken: 6, owner: 'it-operations', riskClass: 'limited' },
  { id: 'code-assist', provider: 'aws.bedrock', inputPricePerMillion: 3, outputPricePerMillion: 15, msPerToken: 12, owner: 'engineering', riskClass: 'minimal' },
  { id: 'claims-extract', provider: 'vllm', inputPricePerMillion: 0.2, outputPricePerMillion: 0.6, msPerToken: 5, owner: 'data-science', riskClass: 'high' },
  { id: 'fraud-score', provider: 'vllm', inputPricePerMillion: 0.1, outputPricePerMillion: 0.1, msPerToken: 4, owner: 'data-science', riskClass: 'high' },
  { id: 'embed-2', provider: 'azure.ai.openai', inputPricePerMillion: 0.1, outputPricePerMillion: 0, msPerToken: 1, owner: 'data-science', riskClass: 'minimal' },
];
const MODEL_BY_ID = new Map(MODELS.map((each) => [each.id, each]));
export const modelOf = (id: string): Model => MODEL_BY_ID.get(id)!;

export const SECRETS: readonly string[] = [
  'secret/prod/claims-db', 'secret/prod/customers-db', 'secret/prod/payments-gateway', 'secret/prod/object-store', 'secret/prod/signing-key', 'secret/prod/mail-relay',
  'secret/prod/warehouse', 'secret/ci/deploy-token', 'secret/ci/registry', 'secret/ops/monitoring', 'secret/ops/ticket-bot', 'secret/ops/dns',
];
export const secretResource = (id: string): NativeResource => ({ id, type: 'secret', labels: ['secret'], owner: 'it-operations' });

export const REPOSITORIES: readonly string[] = ['repo/claims-api', 'repo/customer-portal', 'repo/pricing', 'repo/fraud-models', 'repo/data-platform', 'repo/mobile-app', 'repo/infrastructure', 'repo/agent-tools', 'repo/design-system', 'repo/billing'];
export const COMPANY = 'Kestrel Mutual';
export const DOMAIN = 'kestrel.example';
