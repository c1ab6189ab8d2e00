import type { SourceMessage } from '@wary/ports/event-source.port.js';
import type { IHeaders, KafkaMessage } from 'kafkajs';

export function messageOf({ offset, timestamp, key, value, headers }: KafkaMessage): SourceMessage {
  return { offset: Number(offset), time: Number(timestamp), key, value, headers: headers === undefined ? NO_HEADERS : headersOf(headers) };
}
const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});
function headersOf(headers: IHeaders): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const name in headers) {
    const value = Array.isArray(headers[name]) ? headers[name][0] : headers[name];
    if (value !== undefined) texts[name.toLowerCase()] = value.toString();
  }
  return texts;
}
