import { hash32, mix32 } from '@wary/model/hash32.js';
import type { Event } from '@wary/model/event.js';
import { isDownload } from '@wary/model/is-download.js';
import { siteClass } from './site-class.js';

/** Kinds of evidence about a day's acts that would not come together by themselves. The first ones are channels: through what is it done? */
export const ACT_FAMILIES = ['removable', 'web', 'mail', 'sign_in', 'model', 'data', 'time', 'moves_off_hours', 'amount', 'machine'] as const;
export type ActFamily = (typeof ACT_FAMILIES)[number];
export const ACT_FAMILY_COUNT = ACT_FAMILIES.length;
export const ACT_FAMILY_LABELS: Readonly<Record<ActFamily, string>> = {
  removable: 'use of removable media', web: 'use of the web', mail: 'mail', sign_in: 'sign-ins', model: 'use of models', data: 'use of data', time: 'work outside hours', moves_off_hours: 'data moved outside hours', amount: 'how much of something', machine: 'work at another machine',
};
export const REMOVABLE = 0;
export const MAIL = 2;
export const TIME = 6;
export const MOVES_OFF_HOURS = 7;
export const AMOUNT = 8;
export const MACHINE = 9;

const REMOVABLE_TYPES: ReadonlySet<string> = new Set(['removable_media', 'removable', 'usb', 'usb_device', 'removable_device', 'thumb_drive']);
const WEB_TYPES: ReadonlySet<string> = new Set(['website', 'web', 'url', 'domain', 'http', 'https', 'page', 'site']);
const HOST_TYPES: ReadonlySet<string> = new Set(['host', 'device', 'machine', 'computer', 'workstation', 'pc', 'endpoint']);
const MAIL_TYPES: ReadonlySet<string> = new Set(['mail', 'email', 'e-mail', 'mailbox', 'message', 'recipient']);
const MOVES: ReadonlySet<string> = new Set(['upload', 'connect', 'mount', 'attach', 'insert', 'transfer', 'share', 'put', 'putobject', 'file_copy', 'copy_to_removable']);

const isWeb = ({ resource }: Event): boolean => WEB_TYPES.has(resource.type) || resource.id.startsWith('http://') || resource.id.startsWith('https://');

/** Rights given to, or taken by, the one who acts. */
const isOfSelf = ({ resource, principal, actor }: Event): boolean => resource.id !== '' && (resource.id === principal.id || resource.id === actor.id);
/** What an act is done for or asks for beside what it is done with: the declared purpose, probabilities of a model, or that it is about oneself. */
const manner = (event: Event): string => (event.genAi?.logprobs === true ? 'with probabilities' : event.purpose !== '' ? `for ${event.purpose}` : isOfSelf(event) ? 'of the own account' : '');

/** What sort of act an event is: what is done, with what, of which class by its first label (or the class of the site), and in which manner. */
export class ActReader {
  hash = 0;
  family = 0;
  /** Takes data along, or is the means to. */
  moves = false;
  /** Of the machine it is done at; 0 when the event does not say. */
  machine = 0;
  private readonly sites = new Map<string, string>();
  private readonly machines = new Map<string, number>();

  read(event: Event, actionHash: number): void {
    const { resource, action, outcome } = event;
    const label = resource.labels.length > 0 ? resource.labels[0]! : isWeb(event) ? this.siteOf(resource.id) : '';
    this.hash = actHash(actionHash, resource.type, label, outcome !== 'success', manner(event));
    this.family = REMOVABLE_TYPES.has(resource.type) || REMOVABLE_TYPES.has(label) ? REMOVABLE : familyOf(event);
    this.machine = this.machineOf(event);
    this.moves = this.family === REMOVABLE || isDownload(event) || MOVES.has(action);
  }

  private machineOf({ client, kind, resource }: Event): number {
    const name = client.device !== '' ? client.device : kind === 'identity' && HOST_TYPES.has(resource.type) ? resource.id : '';
    if (name === '') return 0;
    let hash = this.machines.get(name);
    if (hash !== undefined) return hash;
    if (this.machines.size >= MACHINES_MAX) this.machines.clear();
    this.machines.set(name, (hash = hash32(name, 0x52dce729) || 1));
    return hash;
  }

  private siteOf(id: string): string {
    let site = this.sites.get(id);
    if (site !== undefined) return site;
    if (this.sites.size >= SITES_MAX) this.sites.clear();
    this.sites.set(id, (site = siteClass(id)));
    return site;
  }
}
const SITES_MAX = 16_384;
const MACHINES_MAX = 16_384;

function familyOf(event: Event): number {
  if (isWeb(event)) return 1;
  if (MAIL_TYPES.has(event.resource.type)) return MAIL;
  if (event.kind === 'identity') return 3;
  return event.kind === 'inference' ? 4 : 5;
}

function actHash(actionHash: number, type: string, label: string, failed: boolean, how: string): number {
  const kind = type === '' ? 0 : hash32(type, 0x1b873593);
  const of = label === '' ? 0 : hash32(label, 0xcc9e2d51);
  const way = how === '' ? 0 : hash32(how, 0x38b34ae5);
  return mix32(actionHash ^ Math.imul(kind, 3) ^ Math.imul(of, 5) ^ Math.imul(way, 7) ^ (failed ? 0x2545f491 : 0)) || 1;
}

/** For people: "copy (file, removable_media)". */
export function actWords(event: Event): string {
  const { action, resource, outcome } = event;
  const details = [resource.type, resource.labels[0] ?? siteClass(resource.id), manner(event)].filter((text) => text !== '');
  return `${action}${details.length === 0 ? '' : ` (${details.join(', ')})`}${outcome === 'success' ? '' : ', failed'}`;
}

/** Outside hours, by the principal's own clock: at night, or on a weekend or holiday. */
export const IN_HOURS = 0;
export const AT_NIGHT = 1;
export const AT_WEEKEND = 2;
const DAY_BEGINS_HOUR = 7;
const DAY_ENDS_HOUR = 19;

export function hoursOf({ time, tzOffsetMinutes, holiday }: Event): number {
  const hours = Math.floor((time + tzOffsetMinutes * 60_000) / 3_600_000);
  // 1970-01-01 was a Thursday.
  if (holiday || (Math.floor(hours / 24) + 3) % 7 >= 5) return AT_WEEKEND;
  const hour = hours % 24;
  return hour < DAY_BEGINS_HOUR || hour >= DAY_ENDS_HOUR ? AT_NIGHT : IN_HOURS;
}

/** The pseudo-acts "something at such a time" and "this act at such a time". */
export const timeHash = (hours: number): number => mix32(0x7ed55d16 + hours) || 1;
export const atTime = (hash: number, hours: number): number => mix32(hash ^ Math.imul(hours, 0x165667b1)) || 1;
/** The pseudo-acts "something at a machine not used before" and "this act at one". */
export const STRANGE_MACHINE: number = mix32(0x3c6ef372) || 1;
export const atStrangeMachine = (hash: number): number => mix32(hash ^ 0x27d4eb2f) || 1;
export const HOURS_WORDS = ['in hours', 'at night', 'at a weekend or holiday'] as const;
