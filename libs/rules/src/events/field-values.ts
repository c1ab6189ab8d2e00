export type EventRecord = Readonly<Record<string, unknown>>;
/** What a test sees. An integer beyond 2^53 is a bigint, so that none of its digits is lost. */
export type Scalar = string | number | bigint | boolean | null;
export const EVENT_LIMITS = { depthMax: 64 } as const;

/**
 * The value of a field, or undefined when it is absent. A key that is written with dots wins over the path; a list on the way stands
 * for all of its members.
 */
export function lookUp(record: EventRecord, field: string): unknown {
  if (Object.hasOwn(record, field)) return record[field];
  for (let dot = field.indexOf('.'); dot >= 0; dot = field.indexOf('.', dot + 1)) {
    const head = field.slice(0, dot);
    if (!Object.hasOwn(record, head)) continue;
    const found = below(record[head], field.slice(dot + 1), 0);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What `lookUp` finds below a value that stands on the way. */
export function below(value: unknown, rest: string, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > EVENT_LIMITS.depthMax) return undefined;
  if (!Array.isArray(value)) return lookUp(value as EventRecord, rest);
  const found = value.map((each: unknown) => below(each, rest, depth + 1)).filter((each) => each !== undefined);
  return found.length === 0 ? undefined : found;
}

/** The scalars of a value: itself, or the members of a list at any depth; a map has none. */
export function scalarsOf(value: unknown, into: Scalar[] = [], depth = 0): Scalar[] {
  if (Array.isArray(value)) {
    if (depth <= EVENT_LIMITS.depthMax) for (const each of value) scalarsOf(each, into, depth + 1);
  } else if (typeof value !== 'object' || value === null) into.push(value as Scalar);
  return into;
}

/** Every scalar of an event but null, wherever it stands: what a keyword is looked for in. */
export function allScalars(value: unknown, into: Scalar[] = [], depth = 0): Scalar[] {
  if (depth > EVENT_LIMITS.depthMax || value === null || value === undefined) return into;
  if (Array.isArray(value)) for (const each of value) allScalars(each, into, depth + 1);
  else if (typeof value === 'object') for (const key in value) allScalars((value as EventRecord)[key], into, depth + 1);
  else into.push(value as Scalar);
  return into;
}
