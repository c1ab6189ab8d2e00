import { Buffer } from 'node:buffer';
import type { DeadLetter } from '@wary/model/dead-letter.js';
import { TOPICS } from '@wary/model/topics.js';
import type { Cipher } from '@wary/ports/cipher.port.js';
import type { DeadLetterStore } from '@wary/ports/dead-letter-store.port.js';
import type { SourceMessage } from '@wary/ports/event-source.port.js';
import type { MessageSink } from '@wary/ports/message-sink.port.js';
import { RecordError } from './event-record.js';

/** Version of the record; readers refuse one they do not know. */
const RECORD_VERSION = 1;

/** Dead letters on their way to the store. Payloads are encrypted before they leave this process. */
export const createTopicDeadLetters = (sink: MessageSink, cipher: Cipher): Pick<DeadLetterStore, 'insertDeadLetters'> => ({
  insertDeadLetters: (letters) => sink.send(TOPICS.deadLetters, letters.map((letter) => ({
    key: `${letter.tenant}/${letter.id}`, value: JSON.stringify({ v: RECORD_VERSION, letter: { ...letter, payload: cipher.encrypt(letter.payload) } }),
  }))),
});

/** The letter of a message. Throws RecordError for what nobody of us has written, or what another key has encrypted. */
export function decodeDeadLetter({ value }: SourceMessage, cipher: Cipher): DeadLetter {
  try {
    const { v, letter } = JSON.parse((value ?? Buffer.alloc(0)).toString('utf8')) as { v: unknown; letter: DeadLetter };
    if (v !== RECORD_VERSION || typeof letter.id !== 'string' || typeof letter.tenant !== 'string') throw new Error('it has not the parts of a dead letter');
    return { ...letter, payload: cipher.decrypt(letter.payload) };
  } catch (error) {
    throw new RecordError((error as Error).message);
  }
}
