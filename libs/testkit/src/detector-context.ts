import type { Event } from '@wary/model/event.js';
import type { EventContext, EventDetector, NoteIndex, Signal } from '@wary/detect/detector.js';

/** What a detector may ask of the engine, answered by the test: nothing is known unless it is told. */
export class DetectorContext implements EventContext {
  learn = true;
  daysLearned = 30;
  runLengthDecades = 0;
  /** `category:value` that the principal has used. */
  readonly used = new Set<string>();
  readonly networks = new Map<string, number>();
  /** Notes by principal and detector, as the engine keeps them. */
  notes = new Map<string, unknown>();
  private principal = '';

  of(event: Event): this {
    this.principal = `${event.principal.type}:${event.principal.id}`;
    return this;
  }

  hasUsed(category: 'resource' | 'country' | 'network', value: string): boolean {
    return this.used.has(`${category}:${value}`);
  }

  note(index: NoteIndex): unknown {
    return this.notes.get(`${this.principal}#${index}`);
  }

  keepNote(index: NoteIndex, note: unknown): void {
    this.notes.set(`${this.principal}#${index}`, note);
  }

  noteTime(index: NoteIndex): number {
    return (this.notes.get(`${this.principal}#${index}.time`) as number | undefined) ?? 0;
  }

  noteWord(index: NoteIndex): number {
    return (this.notes.get(`${this.principal}#${index}.word`) as number | undefined) ?? 0;
  }

  keepMark(index: NoteIndex, time: number, word: number): void {
    this.notes.set(`${this.principal}#${index}.time`, time).set(`${this.principal}#${index}.word`, word);
  }

  networkUsers(network: string): number {
    return this.networks.get(network) ?? 0;
  }
}

/** Signals that a detector gives on these events, in order. */
export function inspectAll(detector: EventDetector, events: readonly Event[], context = new DetectorContext()): Signal[] {
  const signals: Signal[] = [];
  for (const event of events) detector.inspect(event, context.of(event), (signal) => signals.push(signal));
  return signals;
}
