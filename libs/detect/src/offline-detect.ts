import type { Entity } from '@wary/model/entity.js';
import type { Event } from '@wary/model/event.js';
import type { Finding } from '@wary/model/finding.js';
import { createEngine, type DetectorSettings, type EngineLimits } from './engine.js';

/** One line of `wary detect --out`. Keys stand in the order of the contract. */
export interface FindingLine {
  readonly id: string;
  readonly entity: Entity;
  /** Event time of the event that raised it, epoch milliseconds. */
  readonly time: number;
  readonly window: Finding['window'];
  readonly detector: string;
  readonly strength: number;
  readonly p: number | null;
  readonly summary: string;
  readonly eventIds: readonly string[];
}
/** One line of `--scores`: every entity and day, whether it alarmed or not; larger is more anomalous. */
export interface ScoreLine { readonly entity: Entity; readonly day: string; readonly score: number }

export interface OfflineDetectOptions {
  /** `--budget`: false alarms a day. */
  readonly budgetPerDay: number;
  readonly seed?: number;
  /** Whether `--scores` was asked for. */
  readonly scores: boolean;
  readonly settings?: Readonly<Record<string, DetectorSettings>>;
  readonly limits?: Partial<EngineLimits>;
}
export interface OfflineLines { readonly findings: FindingLine[]; readonly scores: ScoreLine[] }

export interface OfflineDetect {
  /** Events in time order, numbered here; gives the lines that are final now. */
  push(events: readonly Event[]): OfflineLines;
  /** The end of the input: whatever is still open is judged. */
  finish(): OfflineLines;
  readonly eventsScored: number;
}

/**
 * `wary detect` over a stream: the same engine as live, in bounded memory. A finding becomes a line when it is closed, since then
 * nothing about it changes any more; its time is that of the event that raised it, and its strength the greatest it had.
 */
export function createOfflineDetect({ budgetPerDay, seed = 1, scores, settings = {}, limits = {} }: OfflineDetectOptions): OfflineDetect {
  const engine = createEngine({ budgetPerDay, seed, settings, limits, keepDayScores: scores });
  /** When each open finding was raised, and how strong it has been. Closed ones leave. */
  const open = new Map<string, { time: number; strength: number; p: number | null }>();
  let eventsScored = 0;

  function lines(revisions: readonly Finding[]): OfflineLines {
    const findings: FindingLine[] = [];
    for (const finding of revisions) {
      const first = open.get(finding.id) ?? { time: finding.time, strength: finding.strength, p: finding.p };
      if (finding.strength > first.strength) { first.strength = finding.strength; first.p = finding.p; }
      if (!finding.closed) { open.set(finding.id, first); continue; }
      open.delete(finding.id);
      findings.push({
        id: finding.id, entity: finding.entity, time: first.time, window: finding.window, detector: finding.detector.id,
        strength: first.strength, p: first.p, summary: finding.explanation.summary, eventIds: finding.explanation.eventIds,
      });
    }
    return { findings, scores: engine.dayScores().map(({ entity, day, score }) => ({ entity, day, score: Number(score.toPrecision(9)) })) };
  }

  return {
    push(events) {
      for (const event of events) { eventsScored += 1; event.seq = eventsScored; }
      return lines(engine.scoreEvents(events));
    },
    finish: () => lines(engine.finish()),
    get eventsScored() { return eventsScored; },
  };
}
