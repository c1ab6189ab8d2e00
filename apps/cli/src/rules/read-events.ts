import type { Readable } from 'node:stream';
import { openInput } from '../files/read-lines.js';
import { CliError } from '../terminal/cli-error.js';
import { lineBlocks, linesOf } from './line-blocks.js';

export interface ReadEvent { readonly event: Readonly<Record<string, unknown>>; readonly text: string; /** Of NDJSON the line, from 0; otherwise which one it is. */ readonly number: number }
export interface ReadTotals { events: number; bytes: number; readonly bad: string[]; badCount: number }
const BAD_SHOWN_MAX = 5;
const DOCUMENT_CHARS_MAX = 256 * 1024 * 1024;
const isEvent = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Hands over every event of a file, in order and without waiting: NDJSON, one a line, or (as the first line shows) JSON written over
 * several lines, one document after another or a list. A line that is no event is counted, named and left out.
 */
export async function readEvents(path: string, onEvent: (event: ReadEvent) => void, onBlock?: (totals: ReadTotals) => Promise<void> | undefined): Promise<ReadTotals> {
  const { stream } = await openInput(path);
  const totals: ReadTotals = { events: 0, bytes: 0, bad: [], badCount: 0 };
  const name = path === '-' ? 'standard input' : path;
  const refuse = (number: number, message: string): void => {
    totals.badCount += 1;
    if (totals.bad.length < BAD_SHOWN_MAX) totals.bad.push(`${name}, line ${number + 1}: ${message}`);
  };
  let number = 0;
  let document: string[] | null = null;
  let documentChars = 0;
  let isFirst = true;
  for await (const block of lineBlocks(stream as Readable)) {
    for (const text of linesOf(block)) {
      if (document !== null) {
        document.push(text);
        documentChars += text.length + 1;
        if (documentChars > DOCUMENT_CHARS_MAX) throw new CliError(`${name}: a JSON document of more than ${DOCUMENT_CHARS_MAX} characters; give one event a line (jq -c .)`);
        if (/^[}\]]/.test(text)) number = takeDocument(document, number, totals, onEvent);
        if (document.length === 0) documentChars = 0;
        continue;
      }
      if (text === '' || text === '\r') {
        number += 1;
        continue;
      }
      let event: unknown;
      try {
        event = JSON.parse(text);
      } catch {
        if (isFirst && /^\ufeff?\s*[[{]/.test(text)) document = [text.replace(/^\ufeff/, '')];
        else refuse(number, 'not valid JSON');
      }
      if (isFirst && Array.isArray(event)) document = [text];
      isFirst = false;
      if (document !== null) {
        if (Array.isArray(event)) number = takeDocument(document, number, totals, onEvent);
        continue;
      }
      if (isEvent(event)) {
        totals.events += 1;
        onEvent({ event, text, number });
      } else if (event !== undefined) refuse(number, 'an event is a JSON object');
      number += 1;
    }
    totals.bytes += block.bytes.length;
    const wait = onBlock?.(totals);
    if (wait !== undefined) await wait;
  }
  if (document !== null && document.join('').trim() !== '') throw new CliError(`${name}: neither one event a line nor whole JSON documents`);
  return totals;
}

/** Takes what was gathered when it is whole; the lines are then gone from the list. */
function takeDocument(lines: string[], number: number, totals: ReadTotals, onEvent: (event: ReadEvent) => void): number {
  let value: unknown;
  try {
    value = JSON.parse(lines.join('\n'));
  } catch {
    return number;
  }
  lines.length = 0;
  const events: readonly unknown[] = Array.isArray(value) ? value : [value];
  let at = number;
  for (const event of events) {
    if (isEvent(event)) {
      totals.events += 1;
      onEvent({ event, text: JSON.stringify(event), number: at });
    }
    at += 1;
  }
  return at;
}
