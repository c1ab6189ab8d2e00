import type { EventRecord } from './field-values.js';

/** Of a key: all that lies there, or what is asked for below it. */
interface Picks { whole: boolean; below: FieldPicker | null }

/**
 * The part of a record in which `lookUp` finds for each of these fields what it finds in the whole: keys written with dots and every
 * head of a path are kept, of maps on the way only what is asked for, and lists as they are.
 */
export class FieldPicker {
  private readonly keys = new Map<string, Picks>();

  constructor(fields: Iterable<string>) {
    for (const field of fields) this.add(field);
  }

  private add(field: string): void {
    this.of(field).whole = true;
    for (let dot = field.indexOf('.'); dot >= 0; dot = field.indexOf('.', dot + 1)) {
      const head = this.of(field.slice(0, dot));
      (head.below ??= new FieldPicker([])).add(field.slice(dot + 1));
    }
  }

  private of(key: string): Picks {
    let picks = this.keys.get(key);
    if (picks === undefined) this.keys.set(key, (picks = { whole: false, below: null }));
    return picks;
  }

  pick(record: EventRecord): Record<string, unknown> {
    const into: Record<string, unknown> = {};
    for (const [key, picks] of this.keys) {
      if (!Object.hasOwn(record, key)) continue;
      const value = record[key];
      const kept = keptOf(value, picks);
      if (kept === undefined) continue;
      // As JSON would make it: this key is one like any other.
      if (key === '__proto__') Object.defineProperty(into, key, { value: kept, enumerable: true, configurable: true, writable: true });
      else into[key] = kept;
    }
    return into;
  }
}

function keptOf(value: unknown, { whole, below }: Picks): unknown {
  if (whole || Array.isArray(value)) return value;
  return typeof value !== 'object' || value === null ? undefined : below!.pick(value as EventRecord);
}
