import { lookUp, type EventRecord } from '../events/field-values.js';
import { flattenOtel } from './flatten-otel.js';
import { flattenWindows } from './flatten-windows.js';
import { NOTHING, type Pipeline, type Route, type SourceFacts } from './pipeline-model.js';

/** A log source an event belongs to, with the names its fields have for rules of that source. */
export interface Way { readonly source: SourceFacts; readonly isOpen: boolean; readonly fields: Readonly<Record<string, readonly string[]>> }
/** All ways of an event; equal ones are the same object, so that a matcher can be kept for each. */
export interface Destination { readonly ways: readonly Way[]; readonly pipeline: string; readonly isKnown: boolean }
export interface Routed { readonly record: EventRecord; readonly destination: Destination }

/** Tells where an event comes from, and makes its fields readable. The first pipeline that accepts it decides. */
export interface EventRouter { route(event: EventRecord): Routed }

const EVERYWHERE: Destination = { ways: [{ source: NOTHING, isOpen: true, fields: {} }], pipeline: 'none', isKnown: false };
export const unrouted: EventRouter = { route: (event) => ({ record: event, destination: EVERYWHERE }) };

/** `everywhere`: fields are made readable, but log sources are not told apart, so that every rule is tried on every event. */
export function createRouter(pipelines: readonly Pipeline[], everywhere = false): EventRouter {
  const classifiers = pipelines.map((pipeline) => ({ pipeline, accepts: pipeline.accepts.map(createCheck), classify: createClassifier(pipeline) }));
  return {
    route(event) {
      for (const { pipeline, accepts, classify } of classifiers) {
        if (accepts.length > 0 && !accepts.some((check) => check(event))) continue;
        const record = pipeline.flatten === 'windows' ? flattenWindows(event) : pipeline.flatten === 'otel' ? flattenOtel(event) : event;
        return { record, destination: everywhere ? EVERYWHERE : classify(record) };
      }
      return { record: event, destination: EVERYWHERE };
    },
  };
}

function createCheck(when: Route['when']): (event: EventRecord) => boolean {
  const parts = Object.entries(when).map(([field, values]) => ({ field, values: values === true ? null : new Set(values.map((value) => value.toLowerCase())) }));
  return (event) => parts.every(({ field, values }) => {
    const value = lookUp(event, field);
    return value !== undefined && value !== null && (values === null || values.has(String(value).toLowerCase()));
  });
}

/** Of each field that routes ask for: 0 absent, 1 some other value, then the values they name. Events with equal numbers go the same way. */
class FieldValues {
  private readonly numbers = new Map<string, number>();
  readonly names: string[] = [];
  constructor(readonly field: string, values: Iterable<string>) {
    for (const value of values) {
      if (this.numbers.has(value.toLowerCase())) continue;
      this.names.push(value.toLowerCase());
      this.numbers.set(value.toLowerCase(), this.names.length + 1);
    }
    for (const value of values) this.numbers.set(value, this.numbers.get(value.toLowerCase())!);
  }

  get count(): number {
    return this.names.length + 2;
  }

  numberOf(event: EventRecord): number {
    const value = Object.hasOwn(event, this.field) ? event[this.field] : lookUp(event, this.field);
    if (value === undefined || value === null) return 0;
    const text = typeof value === 'string' ? value : String(value);
    return this.numbers.get(text) ?? this.numbers.get(text.toLowerCase()) ?? 1;
  }

  holds(number: number, wanted: readonly string[] | true): boolean {
    return wanted === true ? number > 0 : number > 1 && wanted.some((value) => value.toLowerCase() === this.names[number - 2]);
  }
}

function createClassifier(pipeline: Pipeline): (record: EventRecord) => Destination {
  const wanted = new Map<string, Set<string>>();
  for (const { when } of pipeline.routes) {
    for (const [field, values] of Object.entries(when)) {
      const set = wanted.get(field) ?? new Set<string>();
      if (values !== true) for (const value of values) set.add(value);
      wanted.set(field, set);
    }
  }
  const fields = [...wanted].map(([field, values]) => new FieldValues(field, values));
  const known = new Map<number, Destination>();
  const shared = new Map<string, Destination>();
  return (record) => {
    let key = 0;
    for (const field of fields) key = key * field.count + field.numberOf(record);
    let destination = known.get(key);
    if (destination === undefined) {
      const numbers = new Map(fields.map((field) => [field.field, { field, number: field.numberOf(record) }]));
      const made = destinationOf(pipeline, pipeline.routes.filter(({ when }) => Object.entries(when).every(([name, values]) => {
        const { field, number } = numbers.get(name)!;
        return field.holds(number, values);
      })));
      const text = JSON.stringify(made);
      destination = shared.get(text) ?? made;
      shared.set(text, destination);
      known.set(key, destination);
    }
    return destination;
  };
}

function destinationOf(pipeline: Pipeline, routes: readonly Route[]): Destination {
  const ways = routes.map(({ source, fields }): Way => ({ source, isOpen: false, fields: { ...pipeline.fields, ...fields } }));
  // The general way first: a rule that asks for no category reads the fields as they are.
  ways.sort((left, right) => said(left.source) - said(right.source));
  if (ways.length > 0) return { ways, pipeline: pipeline.name, isKnown: true };
  return { ways: [{ source: pipeline.unknown, isOpen: true, fields: pipeline.fields }], pipeline: pipeline.name, isKnown: false };
}

const said = ({ product, category, service }: SourceFacts): number => Number(product !== null) + Number(service !== null) + 2 * Number(category !== null);
