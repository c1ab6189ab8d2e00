import type { Dice } from '../dice.js';
import type { NativeActor, NativeEvent, NativeResource, NativeSource, SimulatedEvent } from '../native-event.js';
import { DAY_MS, HOUR_MS } from '../world/zone.js';
import type { SiteCategory } from './sites.js';

const MINUTE_HOURS = 1 / 60;

/** What somebody does on one day, as the logs of sign-in, removable media, file copies, mail gateway and web proxy have it. Hours may lie beyond 24. */
export class Diary {
  readonly events: SimulatedEvent[] = [];
  /** Label that the next events belong to. */
  label: string | undefined;
  private count = 0;
  private readonly actor: NativeActor;

  constructor(private readonly prefix: string, private readonly day: number, readonly dice: Dice, readonly user: string, readonly team: string, private source: NativeSource) {
    this.actor = { id: user, type: 'user', group: team };
  }

  /** From now on from another machine or network. */
  from(source: NativeSource): void {
    this.source = source;
  }

  get machine(): string { return this.source.device ?? ''; }

  private write(hour: number, kind: NativeEvent['kind'], action: string, resource: NativeResource, rest: Partial<NativeEvent> = {}): void {
    const at = Math.round(this.day * DAY_MS + hour * HOUR_MS);
    this.count += 1;
    const event: NativeEvent = { id: `${this.prefix}-${this.user}-${this.day}-${this.count}`, time: new Date(at).toISOString(), kind, actor: this.actor, source: this.source, action, outcome: 'success', resource, ...rest };
    this.events.push(this.label === undefined ? { at, event } : { at, event, label: this.label });
  }

  logon(hour: number, outcome: 'success' | 'failure' = 'success'): void {
    this.write(hour, 'identity', 'login', { id: `host/${this.machine}`, type: 'host' }, { outcome });
  }

  logoff(hour: number): void {
    this.write(hour, 'identity', 'logout', { id: `host/${this.machine}`, type: 'host' });
  }

  /** One connection of removable media, with the files copied to it. Gives the hour of its removal. */
  removable(hour: number, files: number): number {
    this.write(hour, 'access', 'connect', { id: `device/${this.machine}`, type: 'removable_media' });
    let at = hour;
    for (let i = 0; i < files; i += 1) {
      at += this.dice.exponential(1.5 * MINUTE_HOURS);
      const kind = this.dice.pick(['doc', 'pdf', 'txt', 'zip', 'jpg', 'exe'] as const);
      this.write(at, 'access', 'copy', { id: `file/${this.team}/${this.dice.zipf(4_000, 1.2)}.${kind}`, type: 'file', labels: ['removable_media'] }, { bytes: Math.round(this.dice.logNormal(180_000, 1.4)) });
    }
    at += this.dice.exponential(12 * MINUTE_HOURS);
    this.write(at, 'access', 'disconnect', { id: `device/${this.machine}`, type: 'removable_media' });
    return at;
  }

  /** One delivery of a mail. */
  mail(hour: number, to: 'internal' | 'external', attachment = false): void {
    this.write(hour, 'access', 'send', { id: to === 'internal' ? 'mail/company.example' : `mail/partner-${this.dice.zipf(300, 1.3) + 1}.example`, type: 'mail', labels: [to] }, { bytes: Math.round(this.dice.logNormal(attachment ? 400_000 : 9_000, 1)) });
  }

  web(hour: number, site: string, category: SiteCategory, action: 'visit' | 'upload' | 'download' = 'visit'): void {
    this.write(hour, 'access', action, { id: site, type: 'website', labels: [category] }, action === 'visit' ? {} : { bytes: Math.round(this.dice.logNormal(600_000, 1.3)) });
  }
}
