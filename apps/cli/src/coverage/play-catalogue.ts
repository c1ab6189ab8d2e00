import { createEngine } from '@wary/detect/engine.js';
import type { CapabilityId } from '@wary/model/catalogue/capability.js';
import { entityKey } from '@wary/model/entity.js';
import type { Finding } from '@wary/model/finding.js';
import type { CompiledRules } from '@wary/rules/live/compiled-rules.js';
import { LiveRules } from '@wary/rules/live/live-rules.js';
import { createRunner } from '@wary/rules/live/runner.js';
import { createCatalogueCompany, type CatalogueOptions } from '@wary/simulate/catalogue/catalogue-company.js';
import type { CatalogueCase } from '@wary/simulate/catalogue/catalogue-case.js';
import { createOfflinePath } from '../files/offline-path.js';

/** What became of one line of the catalogue. */
export interface CaseOutcome {
  readonly capability: CapabilityId;
  readonly category: CatalogueCase['category'];
  readonly name: string;
  /** An attack: one of its own events raised a finding about one of its entities that speaks for its capability. A twin: anything in the live days raised one about any of its entities. */
  readonly caught: boolean;
  /** From its first event to the first such finding, ms of event time. */
  readonly delayMs: number | null;
  /** Detectors and rules that spoke for the capability. */
  readonly by: readonly string[];
  /** What else spoke about its entities. */
  readonly beside: readonly string[];
}

export interface CatalogueRun { readonly seed: number; readonly events: number; readonly outcomes: readonly CaseOutcome[] }
export interface CatalogueSetting extends CatalogueOptions { readonly budgetPerDay: number; readonly rules: CompiledRules | null }

const BATCH_EVENTS = 500;

/**
 * Plays the catalogue once: one company, one history, every scenario and every twin in its live days, through the path that a live event takes
 * (ingest, normalize, enrich, protect, engine and rules; in memory, in one pass, in time order). Labels only count, nothing reads them.
 */
export function playCatalogue({ budgetPerDay, rules, ...options }: CatalogueSetting): CatalogueRun {
  const company = createCatalogueCompany(options);
  const path = createOfflinePath(company.registers);
  const engine = createEngine({ budgetPerDay, seed: options.seed, rulesOf: () => (rules === null ? null : createRunner(new LiveRules(rules))) });
  const book = new OutcomeBook(company.cases, company.liveStart);
  let lines: string[] = [];
  let labels: (string | undefined)[] = [];
  let events = 0;
  const flush = (): void => {
    const read = path.read(Buffer.from(`${lines.join('\n')}\n`), 1);
    if (read.refused.length > 0 || read.events.length !== lines.length) throw new Error(`seed ${options.seed}: the path refused ${JSON.stringify(read.refused[0])}`);
    read.events.forEach((event, i) => { if (labels[i] !== undefined) book.played(event.id, event.time, labels[i]); });
    for (const event of read.events) book.take(engine.scoreEvents([event]));
    events += lines.length;
    lines = [];
    labels = [];
  };
  for (const { event, label } of company.events()) {
    lines.push(JSON.stringify(event));
    labels.push(label);
    if (lines.length === BATCH_EVENTS) flush();
  }
  if (lines.length > 0) flush();
  book.take(engine.finish());
  return { seed: options.seed, events, outcomes: book.outcomes() };
}

interface Entry { first: number | null; found: number | null; readonly by: Set<string>; readonly beside: Set<string> }

/** Counts findings on the cases they are about. */
class OutcomeBook {
  private readonly entries = new Map<CatalogueCase, Entry>();
  private readonly byEntity = new Map<string, CatalogueCase[]>();
  private readonly labelOf = new Map<string, string>();

  constructor(private readonly cases: readonly CatalogueCase[], private readonly liveStart: number) {
    for (const one of cases) {
      this.entries.set(one, { first: null, found: null, by: new Set(), beside: new Set() });
      for (const entity of one.entities) this.byEntity.set(entityKey(entity), [...(this.byEntity.get(entityKey(entity)) ?? []), one]);
    }
  }

  played(eventId: string, time: number, label: string): void {
    this.labelOf.set(eventId, label);
    const entry = this.entries.get(this.cases.find(({ name }) => name === label)!);
    if (entry !== undefined) entry.first ??= time;
  }

  take(findings: readonly Finding[]): void {
    for (const finding of findings) for (const one of this.byEntity.get(entityKey(finding.entity)) ?? []) this.count(one, finding);
  }

  private count(one: CatalogueCase, { time, explanation: { capabilities, eventIds }, detector }: Finding): void {
    if (time < this.liveStart || (one.category === 'attack' && !eventIds.some((id) => this.labelOf.get(id) === one.name))) return;
    const entry = this.entries.get(one)!;
    if (capabilities?.includes(one.capability) !== true) entry.beside.add(detector.id);
    else {
      entry.by.add(detector.id);
      entry.found ??= time;
    }
  }

  outcomes(): CaseOutcome[] {
    return [...this.entries].map(([{ capability, category, name }, { first, found, by, beside }]) => (
      { capability, category, name, caught: found !== null, delayMs: found === null || first === null ? null : Math.max(0, found - first), by: [...by].sort(), beside: [...beside].filter((id) => !by.has(id)).sort() }));
  }
}
