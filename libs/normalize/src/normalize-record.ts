import type { Event } from '@wary/model/event.js';
import type { RawRecord } from '@wary/model/raw-record.js';
import type { SourceName } from '@wary/model/sources.js';
import { deadLetter, type StepResult } from '@wary/pipeline/step-result.js';

export interface NormalizeSettings { readonly retentionDays: number }

export function normalizeRecord(_record: RawRecord, _settings: NormalizeSettings): StepResult<Event> {
  return deadLetter('unsupported_record', 'not yet');
}

export function recordFormat(_source: SourceName): 'json' | 'text' | 'otlp' | null {
  return null;
}
