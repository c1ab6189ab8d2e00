import { WaryError } from '@wary/model/errors.js';
import { JsonWalkError } from './json-walk.js';

/** A request whose outer form cannot be read is refused as a whole; the records are guarded one by one. */
export function guardRequest(walk: () => void): void {
  try {
    walk();
  } catch (error) {
    if (error instanceof WaryError) throw error;
    throw new WaryError('bad_request', error instanceof JsonWalkError ? `The request is not OTLP/JSON: ${error.message}` : 'The request is not an OTLP protobuf message: it is damaged or breaks off');
  }
}
