import type { DeadLetter } from '@wary/model/dead-letter.js';

/** A dead letter before it has an id. */
export type DeadLetterDraft = Omit<DeadLetter, 'id'>;
