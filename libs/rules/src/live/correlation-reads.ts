import type { CorrelatedEvent, Forwarded } from '@wary/model/correlated-event.js';
import type { Event } from '@wary/model/event.js';
import type { EventRecord } from '../events/field-values.js';
import { FieldPicker } from '../events/pick-fields.js';
import type { SigmaCorrelation, SigmaRule } from '../language/rule-model.js';
import type { CompiledRules } from './compiled-rules.js';
import type { LiveMatcher } from './live-matcher.js';

/** Of one correlation that reads a rule: under which names of the rule's it finds its groups and values. */
interface Feed { readonly groupFields: readonly string[]; readonly valueFields: readonly string[] }

/** Of which rules hold together for events of a kind there are few ways; where there are more, whole events are passed on. */
const WAYS_MAX = 2_000;

/** What the correlations of a set need of single events: the rules that they can use for one, and the part of it that they and their explanations read. */
export class CorrelationReads {
  private readonly feeds: ReadonlyMap<SigmaRule, readonly Feed[]>;
  /** By the event's kind, its source where it brings its record, and the rules' ids; null: the whole event. */
  private readonly pickers = new Map<string, FieldPicker | null>();

  constructor({ base, correlations }: CompiledRules, private readonly matcher: LiveMatcher) {
    this.feeds = new Map(base.map((rule) => [rule, correlations.flatMap((correlation) => feedsOf(correlation, rule))]));
  }

  /** Null: no correlation can use it. */
  of(event: Event, rules: readonly SigmaRule[]): Forwarded | null {
    const used = rules.filter((rule) => this.isUsable(event, rule));
    if (used.length === 0) return null;
    const ids = used.map(({ id }) => id);
    const picker = this.pickerOf(event, used, ids);
    return { event: picker === null ? event : partOf(event, picker), rules: ids };
  }

  /** A correlation has nothing to say of an event without its group or its value. */
  private isUsable(event: Event, rule: SigmaRule): boolean {
    const read = this.matcher.reader(rule, event);
    const isThere = (field: string): boolean => (read(field) ?? null) !== null;
    return this.feeds.get(rule)!.some(({ groupFields, valueFields }) => groupFields.every(isThere) && valueFields.every(isThere));
  }

  private pickerOf(event: Event, rules: readonly SigmaRule[], ids: readonly string[]): FieldPicker | null {
    const way = `${event.kind} ${event.raw === '' ? '' : event.source} ${ids.join(' ')}`;
    let picker = this.pickers.get(way);
    if (picker !== undefined) return picker;
    if (this.pickers.size >= WAYS_MAX) return null;
    const fields = new Set<string>();
    let isWhole = false;
    for (const rule of rules) {
      const read = this.matcher.placesOf(rule, event, this.feeds.get(rule)!.flatMap(({ groupFields, valueFields }) => [...groupFields, ...valueFields]));
      if (read === null) isWhole = true;
      else for (const field of read) fields.add(field);
    }
    picker = isWhole ? null : new FieldPicker(fields);
    this.pickers.set(way, picker);
    return picker;
  }
}

function partOf(event: Event, picker: FieldPicker): CorrelatedEvent {
  const part = picker.pick(event as unknown as EventRecord) as unknown as CorrelatedEvent;
  // Set one by one, over what was picked of them: a copy of the whole took longer than all the picking.
  part.id = event.id;
  part.tenant = event.tenant;
  part.time = event.time;
  part.seq = event.seq;
  part.kind = event.kind;
  part.source = event.source;
  part.flags = event.flags;
  part.principal = event.principal;
  part.criticality = event.criticality;
  return part;
}

function feedsOf({ rules, groupBy, valueFields, aliases, type }: SigmaCorrelation, { id, name }: SigmaRule): Feed[] {
  return rules.filter((rule) => rule === id || rule === name).map((rule) => {
    const namesIn = (fields: readonly string[]): string[] => fields.map((field) => aliases[field]?.[rule] ?? field);
    return { groupFields: namesIn(groupBy), valueFields: type.startsWith('value_') ? namesIn(valueFields) : [] };
  });
}
