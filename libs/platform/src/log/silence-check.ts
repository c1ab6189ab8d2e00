import type { Engine } from '@wary/detect/engine.js';
import type { Finding } from '@wary/model/finding.js';
import type { Clock } from '@wary/ports/clock.port.js';
import type { ProcessRegistry } from '@wary/ports/process-registry.port.js';
import { z } from 'zod';
import { askProcess } from '../ops/ask-process.js';
import type { InternalRoute } from '../ops/internal-routes.js';

export const HEARD_PATH = '/internal/heard';
/** The partition whose owner looks: one process has it at a time. */
const LOOKING_PARTITION = 0;
/** Silences that are known to have been told; once more changes nothing. */
const TOLD_MAX = 10_000;

/** What a partition has read and heard. */
export interface Heard { readonly read: number; readonly hours: ReadonlyArray<readonly [tenant: string, hour: number]> }
const HeardSchema = z.object({ partition: z.number().int().min(0), read: z.number().int().min(0), hours: z.array(z.tuple([z.string(), z.number().int()])) });
const AnswerSchema = z.object({ partitions: z.array(HeardSchema) });

/** A partition that this process has. */
export interface LookedAt { readonly engine: Pick<Engine, 'silences'>; readonly heard: Heard; readonly waiting: boolean }

export interface SilenceCheckParts {
  readonly partitions: number;
  /** Those of this process. */
  readonly works: () => ReadonlyMap<number, LookedAt>;
  readonly registry: Pick<ProcessRegistry, 'list'>;
  /** Bearer of internal requests, and the id of this process among those that would be asked. */
  readonly token: string;
  readonly processId: string;
  /** Of every partition of the log the offset behind the last message, now. */
  readonly bounds: () => Promise<ReadonlyArray<{ readonly low: number; readonly high: number }>>;
  readonly emit: (findings: readonly Finding[]) => Promise<void>;
  readonly clock: Clock;
}

/**
 * Asks by the wall clock whether nothing comes any more: no event time passes then, and nothing else can tell. Whoever has the first
 * partition asks, since every partition knows the rhythm of all; what the others have heard in hours that are not closed yet it hears
 * from them. Nothing is told while a partition is with nobody, does not answer, or has something left to read. Each silence is told once,
 * and its id is the same whoever tells it.
 */
export class SilenceCheck {
  private readonly told = new Set<string>();

  /** `since`: when the service began to be there, epoch ms. */
  constructor(private readonly parts: SilenceCheckParts, private readonly since: number) {}

  async look(): Promise<void> {
    const { works, bounds, emit, clock, partitions } = this.parts;
    if (!works().has(LOOKING_PARTITION)) return;
    const ends = await bounds();
    const heard = await this.heardEverywhere();
    const elsewhere = new Map<string, number>();
    for (let partition = 0; partition < partitions; partition += 1) {
      const of = heard.get(partition);
      const { low, high } = ends[partition] ?? { low: 0, high: 0 };
      if (of === undefined || (high > low && of.read < high)) return;
      for (const [tenant, hour] of of.hours) if (hour > (elsewhere.get(tenant) ?? Number.NEGATIVE_INFINITY)) elsewhere.set(tenant, hour);
    }
    // It may have gone to another process meanwhile.
    const work = works().get(LOOKING_PARTITION);
    if (work === undefined || work.waiting) return;
    const silences = work.engine.silences(clock.now(), this.since, elsewhere).filter(({ id }) => !this.told.has(id));
    if (silences.length === 0) return;
    await emit(silences);
    if (this.told.size >= TOLD_MAX) this.told.clear();
    for (const { id } of silences) this.told.add(id);
  }

  private async heardEverywhere(): Promise<Map<number, Heard>> {
    const { works, registry, token, processId } = this.parts;
    const heard = new Map<number, Heard>([...works()].map(([partition, work]) => [partition, work.heard]));
    const others = (await registry.list()).filter(({ id, alive, topicPartitions, internalUrl }) => id !== processId && alive && topicPartitions === this.parts.partitions && internalUrl !== null);
    for (const answer of await Promise.all(others.map(({ internalUrl }) => askProcess(internalUrl!, HEARD_PATH, token)))) {
      if (answer === null) continue;
      for (const { partition, read, hours } of AnswerSchema.parse(answer).partitions) if (!heard.has(partition)) heard.set(partition, { read, hours });
    }
    return heard;
  }
}

/** The other side: in every process that scores partitions. */
export function heardRoute(works: SilenceCheckParts['works']): InternalRoute {
  return { path: HEARD_PATH, answer: () => Promise.resolve({ status: 200, body: { partitions: [...works()].map(([partition, { heard }]) => ({ partition, ...heard })) } }) };
}
