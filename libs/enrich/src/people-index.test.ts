import { emptyEvent, type Event } from '@wary/model/event.js';
import { PersonSchema } from '@wary/model/registers.js';
import { describe, expect, test } from 'vitest';
import { PeopleIndex } from './people-index.js';

const rows = [
  { id: 'alice', email: 'Alice@x.org', aliases: ['asmith', 'uid-1'], keys: ['key-1', 'svc-report'], group: 'sales' },
  { id: 'bob', email: 'bob@x.org', aliases: ['alice'], keys: ['key-1', 'key-2'] },
  { id: 'svc-mail', type: 'service', keys: ['key-3'] },
  { id: 'agent-7', type: 'agent', aliases: ['a7'] },
  { id: 'lt-42', type: 'device' },
].map((row) => PersonSchema.parse(row));

const by = (actor: Partial<Event['actor']>): string => {
  const event = emptyEvent('native');
  Object.assign(event.actor, actor);
  new PeopleIndex(rows, []).resolve(event);
  return `${event.principal.type}:${event.principal.id}`;
};

describe('who answers for an event', () => {
  test.each<[string, Partial<Event['actor']>, string]>([
    ['a user as such', { id: 'carol' }, 'user:carol'],
    ['a registered user', { id: 'alice' }, 'user:alice'],
    ['by an alias', { id: 'asmith' }, 'user:alice'],
    ['by mail address, whatever its case', { id: 'ALICE@X.org' }, 'user:alice'],
    ['an id is stronger than an alias of somebody else', { id: 'alice' }, 'user:alice'],
    ['a user also when acting for another', { id: 'bob', onBehalfOf: 'alice' }, 'user:bob'],
    ['a user account that somebody registered as theirs', { id: 'svc-report' }, 'user:alice'],
    ['an id with the case changed is another id', { id: 'Alice' }, 'user:Alice'],
    ['the owner of a key', { id: 'key-2', type: 'key' }, 'user:bob'],
    ['the first of two owners', { id: 'key-1', type: 'key' }, 'user:alice'],
    ['the owner of a key before whom it names', { id: 'key-2', type: 'key', onBehalfOf: 'alice' }, 'user:bob'],
    ['whom an unregistered key names', { id: 'key-9', type: 'key', onBehalfOf: 'asmith' }, 'user:alice'],
    ['an unregistered key itself', { id: 'key-9', type: 'key' }, 'key:key-9'],
    ['a service that owns a key', { id: 'key-3', type: 'key' }, 'service:svc-mail'],
    ['whom a service acts for', { id: 'svc-mail', type: 'service', onBehalfOf: 'bob@x.org' }, 'user:bob'],
    ['whom a service acts for before its owner', { id: 'svc-report', type: 'service', onBehalfOf: 'bob' }, 'user:bob'],
    ['the owner of a service', { id: 'svc-report', type: 'service' }, 'user:alice'],
    ['a registered service', { id: 'svc-mail', type: 'service' }, 'service:svc-mail'],
    ['an unregistered person that an agent names', { id: 'agent-7', type: 'agent', onBehalfOf: 'dora' }, 'user:dora'],
    ['an agent that an agent acts for', { id: 'x', type: 'agent', onBehalfOf: 'a7' }, 'agent:agent-7'],
    ['an owner of what it acts for', { id: 'x', type: 'agent', onBehalfOf: 'key-2' }, 'user:bob'],
    ['an agent by alias', { id: 'a7', type: 'agent' }, 'agent:agent-7'],
    ['a device', { id: 'lt-42', type: 'device' }, 'device:lt-42'],
    ['an alias of another type is none', { id: 'asmith', type: 'device' }, 'device:asmith'],
  ])('%s', (_name, actor, expected) => expect(by(actor)).toBe(expected));

  test('an unknown zone is named and falls back', () => {
    const problems: string[] = [];
    const index = new PeopleIndex([PersonSchema.parse({ id: 'a', timeZone: 'Mars/Olympus' }), PersonSchema.parse({ id: 'b', timeZone: 'Mars/Olympus' })], problems);
    expect(problems).toEqual([expect.stringContaining('Mars/Olympus')]);
    const event = emptyEvent('native');
    event.actor.id = 'a';
    expect(index.resolve(event)?.zone).toBeNull();
  });
});
