import { documentBytes, documentResource, newestDocument } from '../activity/documents.js';
import { Scribe, sourceOf } from '../activity/scribe.js';
import { overDays, personScribe, timesAtWork, workdaysOf, type Stage } from '../abuse/stage.js';
import { fakePerson } from '../content/fake-people.js';
import { assistantMessage, tokensOf, userMessage } from '../content/messages.js';
import { workAnswer } from '../content/work-prompts.js';
import type { NativeResource, SimulatedEvent } from '../native-event.js';
import { cloudOf } from '../world/networks.js';
import type { Person } from '../world/person.js';
import { MINUTE_MS } from '../world/zone.js';
import { userOf, type Played } from './catalogue-case.js';
import { released } from './lifecycle.js';

function* nothing(): Generator<SimulatedEvent> {}

/** IN-2: on two days somebody stays until half past eight with a fifth more to do. */
export const overtime = (stage: Stage, person: Person): Played => ({
  entities: [userOf(person)], description: `${person.name} works late on two days`, events: nothing,
  change: { people: [person], on: (day) => (day >= stage.firstDay && day < stage.firstDay + 2 ? { label: stage.id, until: 20.5, volume: 1.2 } : undefined) },
});

/** IN-4: an administrator gives the three rights of their place to each of two colleagues, by ticket. */
export const onboardingRights = (stage: Stage, administrator: Person, people: readonly Person[]): Played => ({
  entities: [userOf(administrator)], description: `${administrator.name} gives new colleagues the rights of their department`,
  events: () => overDays(stage, workdaysOf(stage, administrator, 1), function* (day, dice) {
    const scribe = personScribe(administrator, dice, stage.id);
    let at = administrator.office.zone.at(day, administrator.startHour + 1);
    for (const person of people) for (const [grant, object] of [['read', person.department.records], ['write', `doc/${person.department.id}`], ['read', person.department.applications[0]!]] as const) yield scribe.access(at += dice.between(0.5, 3) * MINUTE_MS, 'grant', { id: person.id, type: 'user' }, { attributes: { grant, object, case: 'HR-118' } });
  }),
});

/** IN-5: somebody packs a dozen documents of a project that has ended, and puts the archive on the department's share. */
export const archiveToShare = (stage: Stage, person: Person): Played => ({
  entities: [userOf(person)], description: `${person.name} packs a finished project and puts the archive on the own share`,
  events: () => overDays(stage, workdaysOf(stage, person, 1), function* (day, dice) {
    const scribe = personScribe(person, dice, stage.id);
    const { id } = person.department;
    let number = newestDocument(day) - 200;
    let bytes = 0;
    let at = 0;
    for (const time of timesAtWork(person, day, dice, 12)) { bytes += documentBytes(id, number += 1); yield scribe.access((at = time), 'read', documentResource(id, number), { bytes: documentBytes(id, number) }); }
    const archive: NativeResource = { id: `file/${person.device}/project.zip`, type: 'file' };
    yield scribe.access(at += dice.between(1, 5) * MINUTE_MS, 'archive', archive, { bytes });
    yield scribe.access(at += dice.between(1, 5) * MINUTE_MS, 'upload', { id: `share/${id}/project.zip`, type: 'file' }, { bytes, attributes: { destination_scope: 'internal' } });
  }),
});

/** IN-9: somebody who has given notice opens the documents of the hand-over, fourteen on a day, at the desk. */
export const leaverHandsOver = (stage: Stage, person: Person): Played => ({
  entities: [userOf(person)], description: `${person.name}, leaving, prepares the hand-over`,
  events: () => overDays(stage, workdaysOf(stage, person, 2), function* (day, dice) {
    const scribe = personScribe(person, dice, stage.id);
    let number = newestDocument(day) - 90;
    for (const time of timesAtWork(person, day, dice, 14)) yield scribe.access(time, dice.chance(0.2) ? 'download' : 'read', documentResource(person.department.id, number += 1), { bytes: documentBytes(person.department.id, number) });
  }),
});

/** IN-10: three times a day the letter of one customer is put into the assistant, for a case. */
export const singleLetter = (stage: Stage, person: Person): Played => ({
  entities: [userOf(person)], description: `${person.name} has the assistant answer the letters of single customers`,
  events: () => overDays(stage, workdaysOf(stage, person, 2), function* (day, dice) {
    const scribe = personScribe(person, dice, stage.id);
    for (const time of timesAtWork(person, day, dice, 3)) {
      const customer = fakePerson(dice);
      const text = `Draft a friendly answer to ${customer.name}, ${customer.city}, who writes from ${customer.email} that the claim takes too long.`;
      const answer = workAnswer(dice);
      yield scribe.inference(time, 'chat', { model: 'assistant-large', inputTokens: tokensOf(text), outputTokens: tokensOf(answer), finish: 'stop', input: userMessage(text), output: assistantMessage(answer) }, { purpose: person.department.purpose, attributes: { case: `KM-${dice.text('0123456789', 7)}` } });
    }
  }),
});

/** IN-11: the pipeline pushes a signed version, a person approves it who did not make it, and the pipeline deploys it. */
export const signedRelease = (stage: Stage, author: Person, approver: Person): Played => ({
  entities: [{ type: 'service', id: 'svc/model-pipeline' }, userOf(approver)], description: `The pipeline releases a version that ${approver.name} has approved`,
  events: () => overDays(stage, workdaysOf(stage, approver, 1), function* (day, dice) {
    const pipeline = new Scribe(dice, { id: 'svc/model-pipeline', type: 'service', group: 'services' }, sourceOf(cloudOf(9), '', 'model-pipeline/2.0'), stage.id);
    const digest = `sha256:${dice.text('0123456789abcdef', 64)}`;
    const model: NativeResource = { id: 'model/claims-extract', type: 'model' };
    let at = approver.office.zone.at(day, approver.startHour + 2);
    const step = (): number => (at += dice.between(2, 9) * MINUTE_MS);
    const artefact = { artifact: 'claims-extract', digest, signer: 'pipeline@kestrel.example' };
    yield released(pipeline, step(), 'push', model, artefact, { format: 'safetensors', author: author.id });
    yield released(personScribe(approver, dice, stage.id), step(), 'approve', model, artefact, { author: author.id, approver: approver.id });
    yield released(pipeline, step(), 'deploy', model, artefact, { environment: 'production', version: '8', approval: 'granted', evaluation: 'passed', author: author.id, approver: approver.id });
  }),
});
