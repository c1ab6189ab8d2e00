import { ACTOR_TYPES, type ActorType } from '@wary/model/entity.js';
import { EVENT_FLAG, type Event } from '@wary/model/event.js';
import { markOf } from '@wary/model/mark.js';

/** An application is known as the service it runs as. */
const actorTypeOf = (type: string): ActorType | null => (type === 'application' ? 'service' : (ACTOR_TYPES as readonly string[]).includes(type) ? (type as ActorType) : null);

/** Whom a mark is about; null when the event is no mark, or names nobody that acts. */
export function markSubject(event: Event): { readonly type: ActorType; readonly id: string } | null {
  if (event.resource.id === '' || markOf(event) === null) return null;
  const type = actorTypeOf(event.resource.type);
  return type === null ? null : { type, id: event.resource.id };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
/** What a deployment of a model or a prompt names as the one that runs it. */
const RUNS_IT: readonly (readonly [attribute: string, type: ActorType])[] = [['service', 'service'], ['application', 'service'], ['agent', 'agent']];

/**
 * The mark that a deployment leaves with what was deployed: the deployment itself is an act of whoever deployed. Null when it names no service
 * and no agent, when it failed, or when a service deploys itself: nobody begins its own baseline anew. Not yet enriched.
 */
export function releaseMarkOf(deploy: Event): Event | null {
  const { kind, action, outcome, resource, attributes, lifecycle } = deploy;
  if (kind !== 'lifecycle' || action !== 'deploy' || outcome !== 'success' || resource.id === '') return null;
  const type = actorTypeOf(resource.type);
  const [by, of] = type === 'service' || type === 'agent' ? [resource.id, type] : (RUNS_IT.map(([attribute, runs]) => [text(attributes[attribute]), runs] as const).find(([id]) => id !== '') ?? ['', null]);
  if (of === null || (deploy.principal.type === of && deploy.principal.id === by)) return null;
  return {
    ...deploy, id: `${deploy.id}~release`, action: 'release', flags: deploy.flags & (EVENT_FLAG.historical | EVENT_FLAG.future), actor: { ...deploy.actor }, client: { ...deploy.client }, principal: { ...deploy.principal },
    resource: { id: by, type: of, labels: [], owner: '' }, lifecycle: lifecycle === null ? null : { ...lifecycle },
    attributes: { deployed: resource.id, ...(text(attributes['version']) === '' ? {} : { version: attributes['version']! }) }, raw: '',
  };
}
