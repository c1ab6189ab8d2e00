import type { EventKind, Outcome } from '@wary/model/event.js';
import type { Json, JsonObject } from '@wary/model/json.js';
import { ulid, type Dice } from '../dice.js';
import type { NativeActor, NativeEvent, NativeResource, NativeSource, SimulatedEvent } from '../native-event.js';
import { modelOf } from '../world/catalogue.js';
import type { Place } from '../world/networks.js';

export interface Details {
  readonly outcome?: Outcome; readonly reason?: string; readonly purpose?: string; readonly bytes?: number; readonly rows?: number;
  readonly latencyMs?: number; readonly attributes?: JsonObject; readonly kind?: EventKind;
}
export interface Call {
  readonly model: string; readonly inputTokens: number; readonly outputTokens: number; readonly conversation?: string;
  readonly input?: Json; readonly output?: Json; readonly finish?: string; readonly extra?: { readonly [key: string]: Json }; readonly resource?: NativeResource;
}

export const sourceOf = (place: Place, device: string, userAgent: string): NativeSource => ({
  ip: place.ip, ...(place.country === '' ? {} : { country: place.country }), ...(place.asn === 0 ? {} : { asn: place.asn }), ...(device === '' ? {} : { device }), user_agent: userAgent,
});

/** Writes down what one actor does from one place. */
export class Scribe {
  constructor(readonly dice: Dice, readonly actor: NativeActor, readonly source: NativeSource, readonly label?: string) {}

  /** The same actor, elsewhere or in another session. */
  from(source: NativeSource, actor: NativeActor = this.actor): Scribe {
    return new Scribe(this.dice, actor, source, this.label);
  }

  access(at: number, action: string, resource: NativeResource, details: Details = {}): SimulatedEvent {
    return this.write(at, details.kind ?? 'access', action, resource, details, undefined, undefined);
  }

  inference(at: number, action: string, call: Call, details: Details = {}): SimulatedEvent {
    const model = modelOf(call.model);
    const cost = (call.inputTokens * model.inputPricePerMillion + call.outputTokens * model.outputPricePerMillion) / 1_000_000;
    const genAi: { [key: string]: Json } = {
      'provider.name': model.provider, 'request.model': model.id, 'response.model': model.id,
      'usage.input_tokens': call.inputTokens, 'usage.output_tokens': call.outputTokens,
    };
    if (call.conversation !== undefined) genAi['conversation.id'] = call.conversation;
    if (call.finish !== undefined) genAi['response.finish_reasons'] = [call.finish];
    if (call.input !== undefined) genAi['input.messages'] = call.input;
    if (call.output !== undefined) genAi['output.messages'] = call.output;
    Object.assign(genAi, call.extra);
    const latencyMs = details.latencyMs ?? Math.round(180 + call.outputTokens * model.msPerToken * this.dice.between(0.8, 1.3) + call.inputTokens * 0.05);
    return this.write(at, 'inference', action, call.resource ?? { id: model.id, type: 'model' }, { ...details, latencyMs }, genAi, Math.round(cost * 1e6) / 1e6);
  }

  /** A decision of a scoring model: features in, label and confidence out. */
  decision(at: number, model: string, ml: { readonly [key: string]: Json }, details: Details = {}): SimulatedEvent {
    return this.write(at, 'inference', 'predict', { id: model, type: 'model' }, details, undefined, undefined, ml);
  }

  /** A tool that an agent calls, as OpenTelemetry's `execute_tool`. */
  tool(at: number, name: string, conversation: string, agent: string, details: Details & { readonly args?: Json; readonly result?: Json; readonly resource?: NativeResource } = {}): SimulatedEvent {
    const genAi: { [key: string]: Json } = { 'agent.name': agent, 'conversation.id': conversation, 'tool.name': name };
    if (details.args !== undefined) genAi['tool.call.arguments'] = details.args;
    if (details.result !== undefined) genAi['tool.call.result'] = details.result;
    return this.write(at, 'inference', 'execute_tool', details.resource ?? { id: `tool/${name}`, type: 'tool' }, { ...details, latencyMs: details.latencyMs ?? this.dice.whole(20, 900) }, genAi, undefined);
  }

  private write(at: number, kind: EventKind, action: string, resource: NativeResource, details: Details, genAi: NativeEvent['gen_ai'], cost: number | undefined, ml?: NativeEvent['ml']): SimulatedEvent {
    const time = Math.round(at);
    const event: NativeEvent = {
      id: ulid(time, this.dice), time: new Date(time).toISOString(), kind, actor: this.actor, source: this.source, action, outcome: details.outcome ?? 'success',
      ...(details.reason === undefined ? {} : { reason: details.reason }), resource,
      ...(details.purpose === undefined ? {} : { purpose: details.purpose }),
      ...(details.bytes === undefined ? {} : { bytes: Math.round(details.bytes) }),
      ...(details.rows === undefined ? {} : { rows: Math.round(details.rows) }),
      ...(details.latencyMs === undefined ? {} : { latency_ms: details.latencyMs }),
      ...(cost === undefined ? {} : { cost }),
      ...(genAi === undefined ? {} : { gen_ai: genAi }),
      ...(ml === undefined ? {} : { ml }),
      ...(details.attributes === undefined ? {} : { attributes: details.attributes }),
    };
    return this.label === undefined ? { at: time, event } : { at: time, event, label: this.label };
  }
}
