import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStores } from '@wary/app-wary/open-stores.js';
import { encodeState } from '@wary/detect/state-codec.js';
import type { Alert } from '@wary/model/alert.js';
import type { Event } from '@wary/model/event.js';
import { readConfig } from '@wary/platform/config/read-config.js';
import { systemClock } from '@wary/platform/config/system-random.js';
import { startWebhookReceiver } from '@wary/platform/testing/webhook-receiver.js';
import { createLogger } from '@wary/platform/logging/create-logger.js';
import { buildEvent } from '@wary/testkit/event-builder.js';
import { afterAll, describe, expect, it } from 'vitest';
import { startForTest, type TestWary } from './support/start-for-test.js';

const HOUR_MS = 3_600_000;
const NEVER = 999;
const RULE = 'cccccccc-0000-4000-8000-000000000001';
const rule = `title: Vault opened
id: ${RULE}
description: Somebody opened the vault.
level: critical
tags: [attack.t1530]
logsource: { product: wary, category: access }
detection:
  s:
    resource.id: vault
  condition: s
`;

interface Body { readonly type: string; readonly data: { readonly entity: { readonly id: string } } }

/** As the service stored it then: taken in as it happened. */
const stored = (id: string, seq: number, time: number, over: Partial<Event>): Event => ({ ...buildEvent({ id, time, actor: { id: 'alice' }, peerGroup: 'team', resource: { id: 'vault', type: 'file' } }), seq, time, receivedAt: time, ...over });

describe('an upgrade that scores the history again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wary-upgrade-'));
  const rules = join(folder, 'rules');
  let wary: TestWary | undefined;
  afterAll(async () => {
    await wary?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });
  const alerts = async (): Promise<Alert[]> => ((await wary!.admin.get('/v1/alerts?limit=200').expect(200)).body as { items: Alert[] }).items;

  it('notifies nobody about what was scored before, leaves its alerts as they are, and tells what never was', async () => {
    mkdirSync(rules);
    const now = Date.now();
    const receiver = await startWebhookReceiver();
    const bodies = (): Body[] => receiver.received.map(({ body }) => JSON.parse(body) as Body);
    const told = (check: (body: Body) => boolean): Promise<void> => expect.poll(() => bodies().some(check), { timeout: 30_000 }).toBe(true);
    wary = await startForTest({ WARY_RULES_DIR: rules, WARY_WEBHOOK_ALLOW: '127.0.0.1' });
    await wary.admin.post('/v1/webhooks').send({ url: receiver.url, types: ['alert.created', 'alert.updated', 'incident.created', 'incident.updated'] }).expect(201);
    const { dataDir, env } = wary;
    await wary.stop();

    /** What a service of before has left behind: events, and a snapshot that this one cannot read. */
    const leave = async (events: readonly Event[], judgedSeq: number): Promise<void> => {
      const stores = await openStores(readConfig(env), systemClock, createLogger('silent'));
      if (events.length > 0) await stores.clickHouse.events.insertEvents(events, `left-${events[0]!.seq}`);
      await stores.clickHouse.snapshots.saveSnapshot('engine', { version: 1, seq: judgedSeq, takenAt: Date.now(), bytes: encodeState(NEVER, {}) });
      await stores.clickHouse.close();
      await stores.postgres.close();
    };
    const start = async (): Promise<void> => { wary = await startForTest(env, dataDir); };

    // The first was judged by a service that knew no such detector, the second came just before it died, three hours ago.
    const first = stored('judged', 1, now - 5 * HOUR_MS, { canaries: ['canary-1'] });
    const second = stored('never-judged', 2, now - 3 * HOUR_MS, { principal: { type: 'user', id: 'bob' }, actor: { ...first.actor, id: 'bob' }, canaries: ['canary-1'] });
    await leave([first, second], 1);
    await start();
    expect(wary.caughtUpEvents).toBe(2);
    const before = await alerts();
    expect(before.map(({ entity, historical, reason }) => [entity.id, historical, reason]).sort()).toEqual([['alice', true, 'canary'], ['bob', false, 'canary']]);
    expect((await wary.admin.get('/v1/incidents').expect(200)).body.items).toMatchObject([{ entity: { id: 'bob' } }]);
    await told(({ type }) => type === 'incident.created');
    const heard = receiver.received.length;
    expect(bodies().map(({ data }) => data.entity.id)).toEqual(bodies().map(() => 'bob'));

    // Another upgrade, with a rule that would have matched both.
    await wary.stop();
    writeFileSync(join(rules, 'vault.yml'), rule);
    await leave([], 2);
    await start();
    expect(wary.caughtUpEvents).toBe(2);
    const after = await alerts();
    expect(after.filter(({ reason }) => reason === 'canary')).toEqual(before.map((alert) => after.find(({ id }) => id === alert.id)!));
    for (const alert of before) expect(after).toContainEqual(alert);
    expect(after.filter(({ detector }) => detector.id === `rule:${RULE}`).map(({ entity, historical, incidentId }) => [entity.id, historical, incidentId]).sort()).toEqual([['alice', true, null], ['bob', true, null]]);

    // What goes on now is told, though it began in the past of the upgrade.
    await wary.admin.patch('/v1/registers/canaries').send([{ id: 'c1', kind: 'resource', value: 'vault' }]).expect(200);
    await wary.send([{ id: 'now', time: Date.now(), kind: 'access', action: 'read', actor: { id: 'alice', type: 'user' }, resource: { id: 'vault', type: 'file' } }]);
    await wary.scoreLane.drain();
    const live = (await alerts()).filter(({ entity, historical }) => entity.id === 'alice' && !historical);
    expect(live.map(({ detector }) => detector.id).sort()).toEqual(['canary', `rule:${RULE}`]);
    await told(({ type, data }) => type === 'alert.created' && data.entity.id === 'alice');
    expect(bodies().slice(heard).map(({ data }) => data.entity.id)).toEqual(bodies().slice(heard).map(() => 'alice'));
    await receiver.close();
  }, 240_000);
});
