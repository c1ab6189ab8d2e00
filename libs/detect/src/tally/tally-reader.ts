import type { Event } from '@wary/model/event.js';
import { hash32, mix32 } from '@wary/model/hash32.js';
import { changeOf, LOOKS, PURPOSES, RIGHTS, SWITCHES, tallyHash } from './tallies.js';

/** Arguments of a call beyond this length are compared by their beginning. */
const ARGUMENTS_CHARS_MAX = 2_000;

/** Of the one tally that is not about things. */
export const SWITCHES_HASH: number = tallyHash(SWITCHES, '');

/** What an event adds to the tallies of its day. One object for the life of the engine. */
export class TallyReader {
  /** The very thing it is about: a resource, or a tool with these arguments; 0 where it says none, or is about a model, which is used, not looked at. */
  object = 0;
  /** A call: each is one, however soon after the last; what people open over and over at a stretch is one look. */
  isCall = false;
  /** The same as what people call it. */
  objectName = '';
  looks = 0;
  /** Tally of changes and its act; −1: it changes nothing. */
  change = -1;
  changeHash = 0;
  /** Of the declared purpose; 0: none is declared. */
  purpose = 0;
  purposeName = '';
  /** From where and with what: network, client program and device; 0 where nothing of it is known. */
  context = 0;

  /** `hashes`: of the categories of the event. */
  read(event: Event, resourceHash: number, networkHash: number, clientHash: number): void {
    const { resource, action, genAi, client, outcome } = event;
    this.readObject(event, resourceHash);
    this.change = outcome === 'success' ? changeOf(action) : -1;
    // Rights given to oneself are another thing than rights given to others.
    if (this.change >= 0) this.changeHash = tallyHash(this.change, resource.type, this.change === RIGHTS && resource.id !== '' && (resource.id === event.principal.id || resource.id === event.actor.id) ? 1 : 0);
    this.purpose = event.purpose === '' ? 0 : tallyHash(PURPOSES, event.purpose);
    this.purposeName = event.purpose;
    const device = client.device === '' ? 0 : hash32(client.device, 0x428a2f98);
    // What a model or a gateway says of the client is about the gateway.
    this.context = genAi !== null || (networkHash === 0 && device === 0 && clientHash === 0) ? 0 : mix32(networkHash ^ Math.imul(clientHash, 3) ^ Math.imul(device, 5)) || 1;
  }

  private readObject(event: Event, resourceHash: number): void {
    const { kind, resource, genAi } = event;
    this.object = 0;
    this.isCall = false;
    let type = resource.type;
    if (kind === 'inference') {
      if (genAi === null || genAi.toolName === '' || genAi.toolArguments === null) return;
      const text = JSON.stringify(genAi.toolArguments);
      this.object = mix32(hash32(text.length > ARGUMENTS_CHARS_MAX ? text.slice(0, ARGUMENTS_CHARS_MAX) : text, 0x71374491) ^ hash32(genAi.toolName, 0xb5c0fbcf)) || 1;
      type = 'call';
      this.isCall = true;
    } else {
      if (resourceHash === 0) return;
      this.object = resourceHash;
    }
    this.objectName = objectNameOf(event);
    this.looks = tallyHash(LOOKS, type);
  }
}

/** What people call the thing that an event looks at. */
export const objectNameOf = ({ kind, resource, genAi }: Event): string => (kind === 'inference' ? `the same call of ${genAi?.toolName ?? ''}` : resource.id);
