import { Correlator } from '@wary/rules/correlate/correlator.js';
import type { CorrelatorCounts } from '@wary/rules/correlate/correlation-limits.js';
import { eventTime } from '@wary/rules/events/event-time.js';
import type { SigmaCorrelation, SigmaRule } from '@wary/rules/language/rule-model.js';
import type { RuleSet } from '@wary/rules/load-rules.js';
import type { RuleEngine } from '@wary/rules/rule-engine.js';

export interface EventCorrelation {
  /** Read by correlations only: it does not match alone. */
  isSilent(rule: SigmaRule): boolean;
  /** Whether a correlation reads it. */
  reads(rule: SigmaRule): boolean;
  observe(event: Readonly<Record<string, unknown>>, number: number, rules: readonly SigmaRule[]): void;
  finish(): void;
  counts(): CorrelatorCounts & { readonly withoutTime: number };
}

export function createCorrelation(set: RuleSet, engine: RuleEngine, { latenessMs, timeFields }: { readonly latenessMs: number; readonly timeFields: readonly string[] }, onMatch: (number: number, correlation: SigmaCorrelation) => void): EventCorrelation {
  const readBy = (document: { readonly id: string; readonly name: string | null }): SigmaCorrelation[] => set.correlations.filter(({ rules }) => rules.includes(document.id) || (document.name !== null && rules.includes(document.name)));
  const isSilent = (document: { readonly id: string; readonly name: string | null }): boolean => {
    const readers = readBy(document);
    return readers.length > 0 && readers.every(({ generate }) => !generate);
  };
  const silent = new Set<object>([...set.rules, ...set.correlations].filter(isSilent));
  const correlator = new Correlator(set.correlations, ({ correlation, ref }) => {
    if (!silent.has(correlation)) onMatch(ref, correlation);
  }, { latenessMs });
  let withoutTime = 0;
  return {
    isSilent: (rule) => silent.has(rule),
    reads: (rule) => correlator.reads(rule),
    observe(event, number, rules) {
      const read = rules.filter((rule) => correlator.reads(rule));
      if (read.length === 0) return;
      const time = eventTime(engine.recordOf(event), timeFields);
      if (time === undefined) withoutTime += 1;
      else correlator.observe(time, number, read.map((rule) => ({ id: rule.id, name: rule.name, read: engine.reader(rule, event) })));
    },
    finish() {
      correlator.finish();
      const { late } = correlator.counts;
      if (withoutTime > 0) process.stderr.write(`wary: ${withoutTime} events without a time could not be correlated; --time-field names the field\n`);
      if (late > 0) process.stderr.write(`wary: ${late} events came too late to be correlated; --lateness allows more\n`);
    },
    counts: () => ({ ...correlator.counts, withoutTime }),
  };
}
