import type { ActorType } from './entity.js';
import type { Json, JsonObject } from './json.js';
import type { SourceName } from './sources.js';

export const EVENT_KINDS = ['inference', 'access', 'identity', 'lifecycle', 'outcome', 'posture'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export const OUTCOMES = ['success', 'failure', 'denied', 'error'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const EVENT_SCHEMA = 'wary.event/1';
/** Version of the stored row; a change of meaning raises it, and it lies beside each row. */
export const EVENT_SCHEMA_VERSION = 1;

/** Bits of `Event.flags`. */
export const EVENT_FLAG = {
  /** More than an hour old on receipt: trains, raises only historical findings, notifies nobody. */
  historical: 1,
  /** More than five minutes in the future: stored, never learned, never moves a watermark. */
  future: 2,
  /** A lone surrogate or another invalid code unit was replaced by U+FFFD. */
  repairedText: 4,
  /** An integer beyond 2^53 was seen: its source text is kept in `attributes["<path>#text"]`. */
  bigInteger: 8,
  /** Content (messages, features) was present and has been inspected. */
  contentSeen: 16,
  /** Something on the event was masked by the protect stage. */
  masked: 32,
  /** What somebody else says about the principal (a release, a move, a status, that its baselines begin anew). Set by enrich, never by a source. */
  mark: 64,
  /** The peer group is of the people register, not of the source. Set by enrich. */
  declaredGroup: 128,
} as const;

export interface GenAi {
  provider: string;
  operation: string;
  requestModel: string;
  responseModel: string;
  inputTokens: number;
  outputTokens: number;
  conversationId: string;
  agentName: string;
  toolName: string;
  finishReasons: readonly string[];
  /** `gen_ai.request.logprobs`: probabilities were asked for. */
  logprobs: boolean;
  /** Message parts as received (OTel GenAI shape) or null; masked by protect, stored with the content retention. */
  inputMessages: Json;
  outputMessages: Json;
  /** Tool arguments and result, or null. */
  toolArguments: Json;
  toolResult: Json;
  /** Every other `gen_ai.*` key, without the prefix. */
  extra: JsonObject;
}

export interface MlDecision {
  model: string;
  version: string;
  label: string;
  confidence: number | null;
  features: Json;
  subject: string;
  groups: JsonObject;
  attribution: JsonObject;
  truth: Json;
}

export interface Lifecycle {
  artifact: string;
  digest: string;
  signer: string;
  parents: readonly string[];
  bom: Json;
}

/** What the protect stage counted before masking: category (`email`, `card`, `aws_key` …) → how many. */
export type Counts = { readonly [category: string]: number };

/**
 * One normalised activity. Stages read it, and give a new one or fill their own part (the comments name the stage).
 * Absent strings are '' and absent numbers 0 unless a field says null, so that rows and objects agree byte for byte.
 */
export interface Event {
  /** Unique within the tenant; see "Identity" in the event model. Set by normalize. */
  id: string;
  tenant: string;
  /** Event time, epoch milliseconds, integer. */
  time: number;
  /** When ingest took it, epoch milliseconds. Set by ingest. */
  receivedAt: number;
  /** Ingest sequence: strictly increasing per log of record; 0 until the store assigns it. */
  seq: number;
  source: SourceName;
  kind: EventKind;
  action: string;
  outcome: Outcome;
  reason: string;
  flags: number;

  actor: {
    id: string;
    type: ActorType;
    roles: readonly string[];
    group: string;
    session: string;
    onBehalfOf: string;
    /** null: the source does not say. */
    mfa: boolean | null;
  };
  client: { ip: string; country: string; asn: number; device: string; userAgent: string };
  resource: { id: string; type: string; labels: readonly string[]; owner: string };
  purpose: string;
  /** null: the source does not say; detectors must not learn a zero from it. */
  bytes: number | null;
  rows: number | null;
  latencyMs: number | null;
  cost: number | null;

  genAi: GenAi | null;
  ml: MlDecision | null;
  lifecycle: Lifecycle | null;
  /** Unknown keys of the source, never dropped. */
  attributes: JsonObject;

  /** Set by enrich: who is accountable (key → owner, on behalf of). Events are keyed by it. */
  principal: { type: ActorType; id: string };
  /** Set by enrich: declared peer group, or `type:<actor type>` when none is known. */
  peerGroup: string;
  /** Set by enrich from the assets register: 1 low … 4 critical; 2 when the asset is not registered. */
  criticality: number;
  /** Set by enrich: verdict on the declared purpose against the purposes register. */
  purposeVerdict: 'none' | 'allowed' | 'denied' | 'unregistered' | 'missing';
  /** Set by enrich: the client address is a registered egress (VPN, office, proxy); impossible travel ignores it. */
  knownEgress: boolean;
  /** Set by enrich: the person's state in the people register ('' unknown, joined, moved, notice, leaving, left). */
  hrStatus: string;
  /** Set by enrich: minutes east of UTC of the principal at event time (people register time zone), 0 when unknown. */
  tzOffsetMinutes: number;
  /** Set by enrich: a holiday for the principal's country. */
  holiday: boolean;
  /** Set by enrich: version of the registers that answered, so that the row says what was known. */
  registerVersion: number;

  /** Set by protect: personal data seen in inputs and outputs, before masking. */
  piiInput: Counts;
  piiOutput: Counts;
  /** Set by protect: secrets seen. */
  secretsInput: Counts;
  secretsOutput: Counts;
  /** Set by protect: ids of the canaries touched (content, resource, tool, principal). */
  canaries: readonly string[];
  /** Set by protect: how much the inputs read like an attempt to override instructions, 0 to 1; detectors flag from 0.5 on. 0 without content. */
  injection: number;

  /** Masked source record as text; '' for native events, whose columns already say everything. */
  raw: string;
}

export const hasFlag = (event: Event, flag: number): boolean => (event.flags & flag) !== 0;

/** Time rules of the design ("Time"). */
export const HISTORY_AFTER_MS = 60 * 60_000;
export const FUTURE_AFTER_MS = 5 * 60_000;

/** Shared by all events that have none: lists and counts are replaced, never added to. */
const NO_TEXTS: readonly string[] = Object.freeze([]);
const NO_COUNTS: Counts = Object.freeze({});

/** An event with every field at its neutral value; mappers and builders start from it. */
export function emptyEvent(source: SourceName): Event {
  return {
    id: '', tenant: 'default', time: 0, receivedAt: 0, seq: 0, source, kind: 'access', action: '', outcome: 'success', reason: '', flags: 0,
    actor: { id: '', type: 'user', roles: NO_TEXTS, group: '', session: '', onBehalfOf: '', mfa: null },
    client: { ip: '', country: '', asn: 0, device: '', userAgent: '' },
    resource: { id: '', type: '', labels: NO_TEXTS, owner: '' },
    purpose: '', bytes: null, rows: null, latencyMs: null, cost: null,
    genAi: null, ml: null, lifecycle: null, attributes: {},
    principal: { type: 'user', id: '' }, peerGroup: '', criticality: 2, purposeVerdict: 'none', knownEgress: false, hrStatus: '',
    tzOffsetMinutes: 0, holiday: false, registerVersion: 0,
    piiInput: NO_COUNTS, piiOutput: NO_COUNTS, secretsInput: NO_COUNTS, secretsOutput: NO_COUNTS, canaries: NO_TEXTS, injection: 0,
    raw: '',
  };
}

export function emptyGenAi(): GenAi {
  return {
    provider: '', operation: '', requestModel: '', responseModel: '', inputTokens: 0, outputTokens: 0, conversationId: '', agentName: '',
    toolName: '', finishReasons: NO_TEXTS, logprobs: false, inputMessages: null, outputMessages: null, toolArguments: null, toolResult: null, extra: {},
  };
}
