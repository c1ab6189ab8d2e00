import type { Event } from '@wary/model/event.js';
import type { SourceName } from '@wary/model/sources.js';
import type { EventRecord } from '../events/field-values.js';

/** Sources whose records rules know under the source's own names, and the ready pipelines that read them. */
export const SOURCE_PIPELINES: Partial<Readonly<Record<SourceName, readonly string[]>>> = {
  cloudtrail: ['cloudtrail'], okta: ['okta'], github: ['github'], kubernetes: ['kubernetes'], ocsf: ['ocsf'], otlp: ['otel'], nginx: ['webserver'], apache: ['webserver'],
};

/** The source's own record as it was stored (masked), or null when it is none that a rule could read. */
export function sourceRecord(event: Event): EventRecord | null {
  if (event.source === 'nginx' || event.source === 'apache') return accessLogRecord(event);
  if (event.raw.charCodeAt(0) !== 123) return null;
  try {
    return JSON.parse(event.raw) as EventRecord;
  } catch {
    // Cut off where it was too long to be kept.
    return null;
  }
}

/** A line of an access log under nginx's names. */
function accessLogRecord({ client, resource, actor, attributes, bytes }: Event): EventRecord {
  const query = attributes['url.query'];
  return {
    remote_addr: client.ip, remote_user: actor.type === 'user' ? actor.id : null, request_method: attributes['http.request.method'] ?? '', request_uri: typeof query === 'string' ? `${resource.id}?${query}` : resource.id, uri: resource.id,
    args: query ?? null, status: attributes['http.response.status_code'] ?? null, body_bytes_sent: bytes, http_user_agent: client.userAgent, http_referer: attributes['http.request.header.referer'] ?? null,
  };
}
