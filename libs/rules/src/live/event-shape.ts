import { emptyEvent, emptyGenAi } from '@wary/model/event.js';

/** Where a normalised event has fields of its own: objects with keys have exactly these; what is empty or null here is open. */
export const EVENT_SHAPE: unknown = {
  ...emptyEvent('native'), genAi: emptyGenAi(),
  ml: { model: '', version: '', label: '', confidence: null, features: null, subject: '', groups: {}, attribution: {}, truth: null },
  lifecycle: { artifact: '', digest: '', signer: '', parents: [], bom: null },
};
