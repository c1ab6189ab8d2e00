import type { EventRecord } from '../events/field-values.js';

const ATTRIBUTES = '#attributes';
const TEXT = '#text';
/** Of these the one in System is meant, also when the event's own data has a field of that name. */
const SYSTEM_FIRST = ['EventID', 'Channel', 'Computer', 'Provider_Name', 'EventRecordID'] as const;

const isMap = (value: unknown): value is EventRecord => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A Windows event as JSON of its XML (`Event.System`, `Event.EventData`, `Event.UserData`) as one flat record. Attributes are joined
 * with `_` (Provider_Name), blanks in names are dropped (the taxonomy writes ThreatName for "Threat Name"), and the event's own data
 * wins over System except where only System can be meant.
 */
export function flattenWindows(event: EventRecord): EventRecord {
  const root = event['Event'];
  if (!isMap(root)) return event;
  const record: Record<string, unknown> = {};
  if (isMap(root['System'])) spread(root['System'], record, '');
  const system = SYSTEM_FIRST.map((name) => record[name]);
  const user = root['UserData'];
  if (isMap(user)) for (const name in user) if (name !== ATTRIBUTES && isMap(user[name])) spread(user[name], record, '');
  if (isMap(root['EventData'])) spread(root['EventData'], record, '');
  SYSTEM_FIRST.forEach((name, index) => {
    if (system[index] !== undefined) record[name] = system[index];
  });
  return record;
}

function spread(map: EventRecord, record: Record<string, unknown>, prefix: string): void {
  for (const name in map) {
    const value = map[name];
    const bare = name.includes(' ') ? name.replaceAll(' ', '') : name;
    const key = prefix === '' ? bare : `${prefix}_${bare}`;
    if (name === ATTRIBUTES) {
      if (isMap(value) && prefix !== '') for (const attribute in value) put(record, `${prefix}_${attribute}`, value[attribute]);
    } else if (!isMap(value)) put(record, key, Array.isArray(value) ? value.map(textOf) : value);
    else if (TEXT in value) {
      put(record, key, value[TEXT]);
      const attributes = value[ATTRIBUTES];
      if (isMap(attributes)) for (const attribute in attributes) put(record, `${key}_${attribute}`, attributes[attribute]);
    } else spread(value, record, key);
  }
}

const textOf = (value: unknown): unknown => (isMap(value) && TEXT in value ? value[TEXT] : value);

function put(record: Record<string, unknown>, key: string, value: unknown): void {
  // Assigning to __proto__ would set the prototype instead of a key.
  if (key === '__proto__') Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
  else record[key] = value;
}
