import type { Entity } from '@wary/model/entity.js';
import type { EventQuery } from '@wary/ports/event-store.port.js';
import type { QueryParams } from '../engine/engine.js';

export interface Condition { readonly where: string; readonly params: QueryParams }

/** Columns that free text is looked for in. */
const TEXT_COLUMNS = ['resource_id', 'action', 'reason', 'attributes'] as const;

/** Events of an entity: those it is accountable for, or those that act on it or come from it. */
export function entityCondition({ type, id }: Entity): Condition {
  const params = { entity_id: id, entity_type: type };
  switch (type) {
    case 'user': case 'service': case 'key': case 'agent': case 'device':
      return { where: 'principal_type = {entity_type:String} AND principal_id = {entity_id:String}', params };
    case 'resource':
      return { where: 'resource_id = {entity_id:String}', params };
    case 'model':
      return { where: "({entity_id:String} IN (gen_ai_request_model, gen_ai_response_model, ml_model) OR (resource_type = 'model' AND resource_id = {entity_id:String}))", params };
    case 'application':
      return { where: "resource_type = 'application' AND resource_id = {entity_id:String}", params };
    case 'session':
      return { where: 'actor_session = {entity_id:String}', params };
    case 'peer_group':
      return { where: 'peer_group = {entity_id:String}', params };
    case 'tenant':
      return { where: 'tenant = {entity_id:String}', params };
    case 'network':
      return networkCondition(id);
  }
}

/** `AS3320`, `10.1.2.0/24`, `2001:db8:1::/48` or one address: the names that the detectors give networks. */
function networkCondition(id: string): Condition {
  const asn = /^AS(\d{1,10})$/.exec(id)?.[1];
  if (asn !== undefined) return { where: 'client_asn = {asn:UInt64}', params: { asn: Number(asn) } };
  const prefix = /^(\d+\.\d+\.\d+\.)0\/24$/.exec(id)?.[1] ?? /^([0-9a-f:]+):\/48$/i.exec(id)?.[1];
  if (prefix !== undefined) return { where: 'startsWith(client_ip, {prefix:String})', params: { prefix } };
  return { where: 'client_ip = {entity_id:String}', params: { entity_id: id } };
}

/** `from` is within, `to` is not. */
export function timeCondition(from: number | undefined, to: number | undefined): Condition {
  const parts: string[] = [];
  const params: Record<string, number> = {};
  if (from !== undefined) {
    parts.push('time >= fromUnixTimestamp64Milli({from:Int64})');
    params['from'] = Math.ceil(from);
  }
  if (to !== undefined) {
    parts.push('time < fromUnixTimestamp64Milli({to:Int64})');
    params['to'] = Math.ceil(to);
  }
  return { where: parts.join(' AND '), params };
}

export const tenantCondition = (tenant: string): Condition => ({ where: 'tenant = {tenant:String}', params: { tenant } });

export function joinConditions(conditions: readonly Condition[]): Condition {
  const used = conditions.filter(({ where }) => where !== '');
  return { where: used.map(({ where }) => where).join(' AND '), params: Object.assign({}, ...used.map(({ params }) => params)) as QueryParams };
}

export function eventCondition(query: Omit<EventQuery, 'limit' | 'cursor'>): Condition {
  const conditions = [tenantCondition(query.tenant), timeCondition(query.from, query.to)];
  if (query.entity !== undefined) conditions.push(entityCondition(query.entity));
  if (query.kind !== undefined) conditions.push({ where: 'kind = {kind:String}', params: { kind: query.kind } });
  if (query.action !== undefined) conditions.push({ where: 'action = {action:String}', params: { action: query.action } });
  if (query.ids !== undefined) conditions.push({ where: 'id IN {ids:Array(String)}', params: { ids: query.ids } });
  if (query.q !== undefined && query.q !== '') {
    conditions.push({ where: `(${TEXT_COLUMNS.map((column) => `positionCaseInsensitiveUTF8(${column}, {q:String}) > 0`).join(' OR ')})`, params: { q: query.q } });
  }
  return joinConditions(conditions);
}
