import { ACTOR_TYPES, type ActorType, type Entity } from '@wary/model/entity.js';
import { partitionOf, shardOf } from '@wary/model/shard.js';
import type { KnownProcess, ProcessRegistry } from '@wary/ports/process-registry.port.js';
import { z } from 'zod';
import { askProcess } from '../ops/ask-process.js';
import type { InternalRoute } from '../ops/internal-routes.js';
import type { BaselineSource, Described } from './baseline-source.js';
import { EntityBaselinesSchema } from './baselines-schema.js';

export const BASELINES_PATH = '/internal/baselines';
/** Of the registry, for a page that asks several times. */
const KEPT_MS = 1_000;

const AnswerSchema = z.object({ baselines: EntityBaselinesSchema.nullable() });

export interface RemoteBaselinesParts {
  readonly registry: Pick<ProcessRegistry, 'list'>;
  /** Bearer of internal requests. */
  readonly token: string;
  readonly onTrouble: (error: unknown) => void;
}

/** Asks the process that scores an entity's partition; the registry says which one that is. */
export function createRemoteBaselines({ registry, token, onTrouble }: RemoteBaselinesParts): BaselineSource {
  let kept: { readonly at: number; readonly list: Promise<KnownProcess[]> } | null = null;
  const processes = (): Promise<KnownProcess[]> => {
    if (kept === null || performance.now() - kept.at > KEPT_MS) kept = { at: performance.now(), list: registry.list() };
    return kept.list;
  };
  return {
    async describeEntity(tenant, entity) {
      // What is neither a principal nor a model has no baselines of its own anywhere.
      if (!isDescribed(entity)) return { baselines: null };
      try {
        const scoring = (await processes()).filter(({ alive, topicPartitions }) => alive && topicPartitions !== null);
        if (scoring.length === 0) return { unavailable: 'no process scores at the moment' };
        // While partitions change hands two may claim one; the later report is asked first.
        const owners = scoring.filter((each) => each.partitions.includes(ownedAs(tenant, entity, each.topicPartitions!))).sort((a, b) => b.heartbeatAt - a.heartbeatAt);
        for (const { internalUrl } of owners) {
          const described = internalUrl === null ? null : await ask(internalUrl, token, tenant, entity).catch((error: unknown) => { onTrouble(error); return null; });
          if (described !== null) return described;
        }
        return { unavailable: owners.length === 0 ? 'its partition is between two processes' : 'the process that scores it does not answer' };
      } catch (error) {
        onTrouble(error);
        return { unavailable: 'nobody can say which process scores it' };
      }
    },
  };
}

/** Null: it is not that process's (any more). */
async function ask(internalUrl: string, token: string, tenant: string, { type, id }: Entity): Promise<Described | null> {
  const answer = await askProcess(internalUrl, BASELINES_PATH, token, { tenant, type, id });
  return answer === null ? null : AnswerSchema.parse(answer);
}

/** The other side: in a process that scores partitions. `engineAt`: null when the partition is not its own. */
export function baselinesRoute(topicPartitions: number, engineAt: (partition: number) => { describeEntity(tenant: string, entity: Entity): unknown } | null): InternalRoute {
  return {
    path: BASELINES_PATH,
    answer(query) {
      const entity = { type: query.get('type') ?? '', id: query.get('id') ?? '' } as Entity;
      const tenant = query.get('tenant') ?? '';
      const engine = tenant !== '' && entity.id !== '' && isDescribed(entity) ? engineAt(ownedAs(tenant, entity, topicPartitions)) : null;
      return Promise.resolve(engine === null ? { status: 404, body: { code: 'not_found' } } : { status: 200, body: { baselines: engine.describeEntity(tenant, entity) } });
    },
  };
}

type KnownEntity = Entity & { type: ActorType | 'model' };
const isDescribed = (entity: Entity): entity is KnownEntity => entity.type === 'model' || (ACTOR_TYPES as readonly string[]).includes(entity.type);
/** Drift of models is known to every partition alike: the first is asked. */
const ownedAs = (tenant: string, { type, id }: KnownEntity, topicPartitions: number): number => (type === 'model' ? 0 : partitionOf(shardOf(tenant, type, id), topicPartitions));
