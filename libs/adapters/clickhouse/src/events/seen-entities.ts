import type { Event } from '@wary/model/event.js';
import { RecentIds } from '@wary/pipeline/recent-ids.js';
import type { Engine } from '../engine/engine.js';
import { DictionaryColumn } from '../native/dictionary-column.js';
import { nativeBlock } from '../native/native-block.js';
import { WideColumn } from '../native/number-columns.js';
import { StringColumn } from '../native/string-column.js';

/** Entities remembered as written, as hashes: 7 MB. One that was forgotten is written again, which changes nothing. */
const ENTITIES_MAX = 262_144;

interface Seen { readonly scope: string; readonly tenant: string; readonly type: string; readonly id: string; readonly peerGroup: string; readonly time: number }

/** Keeps the table of entities: one row when an entity is first seen or changes its peer group, nothing for the rest of the stream. */
export class SeenEntities {
  private readonly written = new RecentIds(ENTITIES_MAX, 0);
  private fresh: Seen[] = [];
  private inBatch = new Set<string>();

  constructor(private readonly engine: Engine) {}

  note(event: Event): void {
    const { tenant, principal, peerGroup, genAi, ml, time } = event;
    if (principal.id !== '') this.noteOne(tenant, principal.type, principal.id, peerGroup, time);
    if (genAi !== null && genAi.requestModel !== '') this.noteOne(tenant, 'model', genAi.requestModel, '', time);
    if (ml !== null && ml.model !== '') this.noteOne(tenant, 'model', ml.model, '', time);
  }

  private noteOne(tenant: string, type: string, id: string, peerGroup: string, time: number): void {
    const scope = `${tenant}\n${type}\n${peerGroup}`;
    if (this.written.has(scope, id)) return;
    const key = `${scope}\n${id}`;
    if (this.inBatch.has(key)) return;
    this.inBatch.add(key);
    this.fresh.push({ scope, tenant, type, id, peerGroup, time });
  }

  /** Before the events are inserted: an event that is stored has its entity in the list. */
  async write(token: string): Promise<void> {
    const { fresh } = this;
    this.fresh = [];
    this.inBatch.clear();
    if (fresh.length === 0) return;
    const tenant = new DictionaryColumn('tenant');
    const type = new DictionaryColumn('type');
    const id = new StringColumn('id');
    const peerGroup = new DictionaryColumn('peer_group');
    const seenAt = new WideColumn('seen_at', "DateTime64(3, 'UTC')");
    for (const entity of fresh) {
      tenant.push(entity.tenant);
      type.push(entity.type);
      id.push(entity.id);
      peerGroup.push(entity.peerGroup);
      seenAt.push(entity.time);
    }
    await this.engine.insert(this.engine.table('entities'), nativeBlock([tenant, type, id, peerGroup, seenAt], fresh.length), { token: `${token}/entities` });
    for (const { scope, id: name } of fresh) this.written.add(scope, name);
  }
}
