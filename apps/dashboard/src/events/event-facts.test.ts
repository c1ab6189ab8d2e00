import { EVENT_FLAG, emptyEvent, emptyGenAi } from '@wary/model/event.js';
import { describe, expect, it } from 'vitest';
import { eventAmounts, eventFacts, eventTitle, isMasked } from './event-facts.js';

const event = { ...emptyEvent('native'), id: 'e1', action: 'download', actor: { ...emptyEvent('native').actor, id: 'alice' }, resource: { id: 'ds/customers', type: 'dataset', labels: ['pii'], owner: '' }, rows: 412, bytes: 2_100_000 };

describe('event facts', () => {
  it('title and amounts', () => {
    expect(eventTitle(event)).toBe('download · ds/customers');
    expect(eventAmounts(event)).toBe('412 rows · 2.1 MB');
  });
  it('names a tool or a model where there is no resource', () => {
    const call = { ...emptyEvent('otlp'), action: 'execute_tool', genAi: { ...emptyGenAi(), toolName: 'send_mail', requestModel: 'm', inputTokens: 10, outputTokens: 5 } };
    expect(eventTitle(call)).toBe('execute_tool · send_mail');
    expect(eventAmounts(call)).toBe('15 tokens');
  });
  it('leaves out what is not known', () => {
    const labels = eventFacts(event).map(([label]) => label);
    expect(labels).toEqual(['Event', 'Source', 'Outcome', 'Actor', 'Resource', 'Amounts']);
  });
  it('tells a zero from an unknown', () => expect(eventAmounts({ ...emptyEvent('native'), rows: 0 })).toBe('0 rows'));
  it('says what protect counted', () => {
    const facts = new Map(eventFacts({ ...event, piiOutput: { email: 30, card: 2, phone: 0 }, secretsInput: { aws_key: 1 } }));
    expect(facts.get('Personal data out')).toBe('30 email, 2 card');
    expect(facts.get('Secrets in')).toBe('1 aws key');
  });
  it('knows a masked one', () => expect([isMasked(event), isMasked({ ...event, flags: EVENT_FLAG.masked | EVENT_FLAG.contentSeen })]).toEqual([false, true]));
});
