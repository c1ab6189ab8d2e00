import type { Event } from './event.js';

/** What correlations behind the partitions are told of an event: who, when and what kind, and of the rest only what the rules read that held for it. */
export type CorrelatedEvent = Pick<Event, 'id' | 'tenant' | 'time' | 'seq' | 'kind' | 'source' | 'flags' | 'principal' | 'criticality'> & Partial<Event>;

/** An event with the ids of the rules that held for it and that correlations can use. */
export interface Forwarded { readonly event: CorrelatedEvent; readonly rules: readonly string[] }
