import { Buffer } from 'node:buffer';
import type { Finding } from '@wary/model/finding.js';
import { TOPICS } from '@wary/model/topics.js';
import type { SourceMessage } from '@wary/ports/event-source.port.js';
import type { MessageSink } from '@wary/ports/message-sink.port.js';
import { RecordError } from './event-record.js';

/** Version of the record; readers refuse one they do not know. */
const RECORD_VERSION = 1;

/** `past`: it is about what was judged before, and changes no alert that is there. */
export interface FindingRecord { readonly finding: Finding; readonly past: boolean }

/** Publishes revisions of findings: those of one entity stay in order. */
export async function sendFindings(sink: MessageSink, findings: readonly Finding[], past = false): Promise<void> {
  await sink.send(TOPICS.findings, findings.map((finding) => ({ key: `${finding.tenant}/${finding.entity.type}:${finding.entity.id}`, value: JSON.stringify({ v: RECORD_VERSION, finding, ...(past ? { past } : {}) }) })));
}

/** The finding of a message. Throws RecordError for what nobody of us has written. */
export const decodeFinding = (message: SourceMessage): Finding => decodeFindingRecord(message).finding;

export function decodeFindingRecord({ value }: SourceMessage): FindingRecord {
  let record: { v?: unknown; finding?: Finding; past?: unknown };
  try {
    record = JSON.parse((value ?? Buffer.alloc(0)).toString('utf8')) as typeof record;
  } catch {
    throw new RecordError('it is not JSON');
  }
  if (record === null || typeof record !== 'object' || record.v !== RECORD_VERSION) throw new RecordError(`its version is not ${RECORD_VERSION}: it was written by another release`);
  const { finding } = record;
  if (typeof finding !== 'object' || finding === null || typeof finding.id !== 'string' || typeof finding.tenant !== 'string' || !Number.isSafeInteger(finding.revision) || typeof finding.explanation !== 'object') throw new RecordError('it has not the parts of a finding');
  return { finding, past: record.past === true };
}
