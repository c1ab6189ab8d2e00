import type { NativeResource } from '../native-event.js';
import { REPOSITORIES } from '../world/catalogue.js';
import { hashKey } from '../dice.js';
import { application, pause, type Task } from './sitting.js';

const MAILBOX = (id: string): NativeResource => ({ id: `mailbox/${id}`, type: 'mailbox' });

export const mail: Task = function* (sitting, at) {
  const { dice, scribe, person } = sitting;
  for (let left = 1 + dice.poisson(1); left > 0; left -= 1) {
    const attachment = dice.chance(0.12) ? dice.logNormal(220_000, 1.2) : 0;
    yield scribe.access(at, dice.chance(0.45) ? 'send' : 'read', MAILBOX(person.id), { bytes: Math.min(20_000_000, dice.logNormal(9_000, 0.8) + attachment) });
    at += pause(sitting, 1.5);
  }
  return at;
};

export const applications: Task = function* (sitting, at) {
  const { dice, scribe, person } = sitting;
  const resource = application(dice.pick(person.department.applications));
  for (let left = 1 + dice.poisson(1.5); left > 0; left -= 1) {
    yield scribe.access(at, dice.chance(0.2) ? 'write' : 'read', resource, { latencyMs: Math.round(dice.logNormal(120, 0.6)) });
    at += pause(sitting);
  }
  return at;
};

/** Each developer has three repositories of their own and looks into others at times. */
export const code: Task = function* (sitting, at) {
  const { dice, scribe, person } = sitting;
  const own = hashKey(person.id);
  const repository = dice.chance(0.88) ? REPOSITORIES[(own + dice.whole(0, 2)) % REPOSITORIES.length]! : dice.pick(REPOSITORIES);
  const resource: NativeResource = { id: repository, type: 'repository' };
  for (let left = 1 + dice.poisson(2); left > 0; left -= 1) {
    const roll = dice.next();
    const action = roll < 0.5 ? 'pull' : roll < 0.78 ? 'push' : roll < 0.8 ? 'clone' : 'read';
    yield scribe.access(at, action, resource, { bytes: dice.logNormal(action === 'clone' ? 30_000_000 : 40_000, 1) });
    at += pause(sitting, 2);
  }
  return at;
};

/** What administrators do: rights given and taken, jobs run, releases rolled out, the few secrets of their trade read. */
export const administration: Task = function* (sitting, at) {
  const { dice, scribe } = sitting;
  for (let left = 1 + dice.poisson(1); left > 0; left -= 1) {
    const roll = dice.next();
    if (roll < 0.2) yield scribe.access(at, 'read', { id: dice.pick(['secret/ops/monitoring', 'secret/ops/dns', 'secret/ci/registry']), type: 'secret', labels: ['secret'] }, { bytes: 64 });
    else if (roll < 0.55) yield scribe.access(at, 'connect', { id: `host/app-${dice.whole(1, 12)}`, type: 'host' });
    else if (roll < 0.8) yield scribe.access(at, 'write', { id: 'repo/infrastructure', type: 'repository' }, { bytes: dice.logNormal(6_000, 0.7) });
    else yield scribe.access(at, dice.chance(0.7) ? 'grant' : 'revoke', { id: `user/${dice.whole(1, 400)}`, type: 'user' }, { attributes: { grant: dice.pick(['read', 'write', 'read']), object: dice.pick(['ds/telemetry', 'ds/web-analytics', 'doc/engineering', 'app/tracker']) } });
    at += pause(sitting, 1.6);
  }
  return at;
};
