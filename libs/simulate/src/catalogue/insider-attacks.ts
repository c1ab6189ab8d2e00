import { TASKS } from '../activity/person-day.js';
import { documentBytes, documentResource, newestDocument } from '../activity/documents.js';
import { application } from '../activity/sitting.js';
import type { NativeResource, SimulatedEvent } from '../native-event.js';
import { overDays, personScribe, timesFrom, vpnPlace, workdaysOf, type Stage } from '../abuse/stage.js';
import { sourceOf } from '../activity/scribe.js';
import { DATASETS, datasetOf, datasetResource, SECRETS, secretResource } from '../world/catalogue.js';
import { attackerOf } from '../world/networks.js';
import type { Person } from '../world/person.js';
import { HOUR_MS, MINUTE_MS } from '../world/zone.js';
import { userOf, type Played } from './catalogue-case.js';
import { released } from './lifecycle.js';

const FILES = 320;
const NIGHTS = 3;

/** IN-1: within an hour of the working day somebody downloads 320 documents of the own share. */
export const massDownload = (stage: Stage, person: Person): Played => ({
  entities: [userOf(person)], description: `${person.name} downloads ${FILES} documents within an hour`,
  events: () => overDays(stage, workdaysOf(stage, person, 1), function* (day, dice) {
    const scribe = personScribe(person, dice, stage.id);
    let number = newestDocument(day) - FILES - 60;
    for (const time of timesFrom(person.office.zone.at(day, person.startHour + 2), HOUR_MS, dice, FILES)) yield scribe.access(time, 'download', documentResource(person.department.id, number += 1), { bytes: documentBytes(person.department.id, number) });
  }),
});

/** IN-2: three nights from one to four somebody does what they do by day, over the VPN, and downloads some of the own documents in between. */
export const nightWork = (stage: Stage, person: Person): Played => ({
  entities: [userOf(person)], description: `${person.name} works from one to four in ${NIGHTS} nights`,
  events: () => overDays(stage, Array.from({ length: NIGHTS }, (_, i) => stage.firstDay + i), function* (day, dice) {
    const scribe = personScribe(person, dice, stage.id, vpnPlace(person));
    let at = person.office.zone.at(day, 1 + 0.3 * dice.next());
    const last = person.office.zone.at(day, 4);
    yield scribe.access(at, 'logon', application('app/sso'));
    let number = newestDocument(day) - 120;
    for (let left = 12; left > 0; left -= 1) yield scribe.access(at += dice.between(0.5, 2) * MINUTE_MS, 'download', documentResource(person.department.id, number += 1), { bytes: documentBytes(person.department.id, number) });
    while (at < last) at = yield* TASKS[dice.weighted(person.department.tasks)]({ person, scribe, dice, day, contentShare: 0, singleRecords: false, gapMs: 30_000 }, at + dice.exponential(6 * MINUTE_MS));
  }),
});

/** IN-3: somebody reads production secrets and the data sets of other departments, which nobody of the own has ever done, a few of each over a day. */
export const strangeData = (stage: Stage, person: Person): Played => ({
  entities: [userOf(person)], description: `${person.name} (${person.department.id}) reads secrets and data that are none of that department's business`,
  events: () => overDays(stage, workdaysOf(stage, person, 1), function* (day, dice) {
    const scribe = personScribe(person, dice, stage.id);
    const sets = DATASETS.filter(({ id }) => !person.department.datasets.includes(id) && id !== person.department.records);
    const things: NativeResource[] = [...dice.sample(SECRETS, 6).map(secretResource), ...dice.sample(sets, 4).map(({ id }) => datasetResource(id))];
    const times = timesFrom(person.office.zone.at(day, person.startHour + 1.5), 4 * HOUR_MS, dice, things.length);
    for (const [i, resource] of things.entries()) {
      const rows = Math.round(dice.logNormal(300, 0.6));
      yield scribe.access(times[i]!, 'read', resource, resource.type === 'secret' ? { bytes: 64 } : { rows, bytes: rows * datasetOf(resource.id).bytesPerRow });
    }
  }),
});

/** IN-5: forty documents are read over two hours, packed and encrypted, and the archive goes to a file drop outside. */
export const stagedExfiltration = (stage: Stage, person: Person): Played => ({
  entities: [userOf(person)], description: `${person.name} collects forty documents, packs them and uploads the archive to a file drop`,
  events: () => overDays(stage, workdaysOf(stage, person, 1), function* (day, dice) {
    const scribe = personScribe(person, dice, stage.id);
    const { id } = person.department;
    let number = newestDocument(day) - 200;
    let bytes = 0;
    let at = 0;
    for (const time of timesFrom(person.office.zone.at(day, person.startHour + 3), 2 * HOUR_MS, dice, 40)) {
      bytes += documentBytes(id, number += 1);
      yield scribe.access((at = time), 'read', documentResource(id, number), { bytes: documentBytes(id, number) });
    }
    const archive: NativeResource = { id: `file/${person.device}/q3.7z`, type: 'file' };
    yield scribe.access(at += dice.between(2, 9) * MINUTE_MS, 'archive', archive, { bytes });
    yield scribe.access(at += dice.between(1, 4) * MINUTE_MS, 'encrypt', archive, { bytes });
    for (let part = 1; part <= 3; part += 1) yield scribe.access(at += dice.between(2, 12) * MINUTE_MS, 'upload', { id: `https://files.drop.example/${part}`, type: 'url' }, { bytes: bytes / 3, attributes: { destination_scope: 'external' } });
  }),
});

/** IN-8: the cookie of a session is copied. While the owner works on, a script abroad tries what the account opens, and downloads what it does. */
export const sessionTaken = (stage: Stage, person: Person): Played => ({
  entities: [userOf(person)], description: `The session of ${person.name} is used from a hosting company abroad as well`,
  events: () => overDays(stage, workdaysOf(stage, person, 1), function* (day, dice): Generator<SimulatedEvent> {
    const owner = personScribe(person, dice, stage.id);
    const thief = owner.from(sourceOf(attackerOf(dice), '', 'python-requests/2.32.3'));
    let at = person.office.zone.at(day, person.startHour + 2);
    for (let i = 0; i < 4; i += 1) yield owner.access(at += dice.between(0.5, 2) * MINUTE_MS, 'read', application(person.department.applications[0]!));
    const doors = [...SECRETS.map(secretResource), ...['ds/payroll', 'ds/ledger', 'ds/hr-records'].map(datasetResource)];
    for (const door of doors) yield thief.access(at += dice.between(3, 15) * 1_000, 'read', door, { outcome: 'denied', reason: 'no permission' });
    let number = newestDocument(day) - 300;
    for (let i = 0; i < 60; i += 1) yield thief.access(at += dice.between(2, 10) * 1_000, 'download', documentResource(person.department.id, number += 1), { bytes: documentBytes(person.department.id, number) });
  }),
});

/** IN-11: a model is pushed and deployed by hand: the scan is skipped, a dependency no longer pinned, nobody signs and nobody approves. */
export const unsignedPush = (stage: Stage, person: Person): Played => ({
  entities: [userOf(person)], description: `${person.name} brings an unsigned model into production past the pipeline`,
  events: () => overDays(stage, workdaysOf(stage, person, 1), function* (day, dice) {
    const scribe = personScribe(person, dice, stage.id);
    const digest = `sha256:${dice.text('0123456789abcdef', 64)}`;
    const model: NativeResource = { id: 'model/fraud-score', type: 'model' };
    let at = person.office.zone.at(day, person.startHour + 4);
    const step = (): number => (at += dice.between(2, 9) * MINUTE_MS);
    yield released(scribe, step(), 'update', { id: 'dep/tokenizer', type: 'dependency' }, {}, { pinned: false });
    yield released(scribe, step(), 'skip', { id: 'scan/fraud-score', type: 'scan' }, {}, {});
    yield released(scribe, step(), 'push', model, { artifact: 'fraud-score', digest }, { format: 'pickle' });
    yield released(scribe, step(), 'deploy', model, { artifact: 'fraud-score', digest }, { environment: 'production', version: '13', approval: 'skipped' });
  }),
});
