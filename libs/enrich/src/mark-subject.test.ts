import { EVENT_FLAG, emptyEvent, hasFlag, type Event } from '@wary/model/event.js';
import { emptyRegisters, PersonSchema } from '@wary/model/registers.js';
import { describe, expect, it } from 'vitest';
import { createEnricher } from './enricher.js';
import { releaseMarkOf } from './mark-subject.js';

const people = [PersonSchema.parse({ id: 'alice', group: 'sales', aliases: ['asmith'] }), PersonSchema.parse({ id: 'checkout', type: 'service', group: 'shop', aliases: ['checkout-eu'] })];
const { enrichEvent } = createEnricher({ registers: { ...emptyRegisters(), people }, countryOf: () => '' });
function event(parts: Partial<Event>, actor: Partial<Event['actor']> = {}, resource: Partial<Event['resource']> = {}): Event {
  const made = Object.assign(emptyEvent('native'), { id: 'e1', time: 1, ...parts });
  Object.assign(made.actor, { id: 'hr-feed', type: 'service', group: 'claimed', ...actor });
  Object.assign(made.resource, resource);
  return enrichEvent(made);
}
const moved = { kind: 'identity', action: 'status', attributes: { 'hr.status': 'moved' } } as const;
const deploy = { kind: 'lifecycle', action: 'deploy', attributes: { version: '2.1' } } as const;

describe('a mark', () => {
  it('belongs to whom it is about, in the group of the register', () => {
    const { principal, actor, peerGroup, flags } = event(moved, {}, { id: 'asmith', type: 'user' });
    expect({ principal, actor: actor.id, peerGroup, flags }).toEqual({ principal: { type: 'user', id: 'alice' }, actor: 'hr-feed', peerGroup: 'sales', flags: EVENT_FLAG.mark | EVENT_FLAG.declaredGroup });
  });

  it('is nothing that a person who has left does', () => {
    const gone = [PersonSchema.parse({ id: 'eva', status: 'left' })];
    const enricher = createEnricher({ registers: { ...emptyRegisters(), people: gone }, countryOf: () => '' });
    const about = Object.assign(emptyEvent('native'), { kind: 'identity', action: 'status', attributes: { 'hr.status': 'left' } });
    Object.assign(about.actor, { id: 'hr-feed', type: 'service' });
    Object.assign(about.resource, { id: 'eva', type: 'user' });
    expect(enricher.enrichEvent(about)).toMatchObject({ principal: { id: 'eva' }, hrStatus: '' });
    const active = emptyEvent('native');
    active.actor.id = 'eva';
    expect(enricher.enrichEvent(active).hrStatus).toBe('left');
  });

  it('never has the group that its sender claims', () => expect(event(moved, {}, { id: 'carol', type: 'user' })).toMatchObject({ peerGroup: 'type:user', flags: EVENT_FLAG.mark }));
  it('counts only when somebody else makes it, whatever it calls itself', () => {
    expect(hasFlag(event(moved, { id: 'asmith', type: 'user' }, { id: 'alice', type: 'user' }), EVENT_FLAG.mark)).toBe(false);
    expect(hasFlag(event({ ...moved, flags: EVENT_FLAG.mark }, { id: 'alice', type: 'user' }, { id: 'alice', type: 'user' }), EVENT_FLAG.mark)).toBe(false);
  });
  it('that a baseline begins anew no source can send', () => expect(event({ kind: 'lifecycle', action: 'rebaseline' }, {}, { id: 'alice', type: 'user' })).toMatchObject({ principal: { type: 'user', id: 'alice' }, flags: EVENT_FLAG.declaredGroup }));
  it('is nothing else: other events belong to who acts, and carry no mark', () => expect(event({ flags: EVENT_FLAG.mark }, { id: 'alice', type: 'user' }, { id: 'x', type: 'file' })).toMatchObject({ principal: { type: 'user', id: 'alice' }, flags: EVENT_FLAG.declaredGroup }));
});

describe('the mark of a deployment', () => {
  it.each<[string, Partial<Event['resource']>, Event['attributes'], [string, string] | null]>([
    ['a service', { id: 'checkout', type: 'service' }, {}, ['service', 'checkout']], ['an application, by an alias', { id: 'checkout-eu', type: 'application' }, {}, ['service', 'checkout']], ['an agent', { id: 'agent/1', type: 'agent' }, {}, ['agent', 'agent/1']],
    ['a prompt, with who runs it', { id: 'prompts/greeting', type: 'prompt' }, { application: 'checkout' }, ['service', 'checkout']], ['a model, with the agent that asks it', { id: 'large', type: 'model' }, { agent: 'agent/1' }, ['agent', 'agent/1']], ['a model alone', { id: 'large', type: 'model' }, {}, null],
  ])('%s', (_name, resource, attributes, expected) => {
    const made = releaseMarkOf(event({ ...deploy, attributes: { ...deploy.attributes, ...attributes } }, { id: 'bob', type: 'user' }, resource));
    expect(made === null ? null : [enrichEvent(made).principal.type, made.principal.id]).toEqual(expected);
    if (made !== null) expect(made).toMatchObject({ id: 'e1~release', action: 'release', attributes: { deployed: resource.id, version: '2.1' }, actor: { id: 'bob' } });
  });

  it('none when it failed, or when a service deploys itself', () => {
    expect(releaseMarkOf(event({ ...deploy, outcome: 'failure' }, {}, { id: 'checkout', type: 'service' }))).toBeNull();
    expect(releaseMarkOf(event(deploy, { id: 'checkout-eu' }, { id: 'checkout', type: 'service' }))).toBeNull();
    expect(hasFlag(enrichEvent({ ...event(deploy, { id: 'checkout-eu' }, { id: 'checkout', type: 'service' }), action: 'release' }), EVENT_FLAG.mark)).toBe(false);
  });

  it('leaves the deployment as it is: an act of whoever deployed', () => {
    const made = event(deploy, { id: 'bob', type: 'user' }, { id: 'checkout', type: 'service' });
    enrichEvent(releaseMarkOf(made)!);
    expect(made).toMatchObject({ action: 'deploy', principal: { type: 'user', id: 'bob' }, resource: { id: 'checkout' } });
  });
});
