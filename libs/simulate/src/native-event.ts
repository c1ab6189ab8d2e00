import type { ActorType } from '@wary/model/entity.js';
import type { EventKind, Outcome } from '@wary/model/event.js';
import type { Json, JsonObject } from '@wary/model/json.js';

/** One `wary.event/1` as a source would send it. Keys stand in the order in which they are written. */
export interface NativeEvent {
  readonly id: string;
  /** ISO 8601 with milliseconds, UTC. */
  readonly time: string;
  readonly kind: EventKind;
  readonly actor: NativeActor;
  readonly source?: NativeSource;
  readonly action: string;
  readonly outcome: Outcome;
  readonly reason?: string;
  readonly resource?: NativeResource;
  readonly purpose?: string;
  readonly bytes?: number;
  readonly rows?: number;
  readonly latency_ms?: number;
  readonly cost?: number;
  readonly gen_ai?: { readonly [key: string]: Json };
  readonly ml?: { readonly [key: string]: Json };
  readonly lifecycle?: { readonly [key: string]: Json };
  readonly attributes?: JsonObject;
}

export interface NativeActor {
  readonly id: string;
  readonly type: ActorType;
  readonly roles?: readonly string[];
  readonly group?: string;
  readonly session?: string;
  readonly on_behalf_of?: string;
  readonly mfa?: boolean;
}

export interface NativeSource {
  readonly ip: string;
  readonly country?: string;
  readonly asn?: number;
  readonly device?: string;
  readonly user_agent?: string;
}

export interface NativeResource {
  readonly id: string;
  readonly type: string;
  readonly labels?: readonly string[];
  readonly owner?: string;
}

/** An event with its time as a number, and the label it belongs to when a scenario made it. */
export interface SimulatedEvent {
  readonly at: number;
  readonly event: NativeEvent;
  readonly label?: string;
}
