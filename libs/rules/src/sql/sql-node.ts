/**
 * Where in a row a value of the event stands. `json` is the text of any JSON value ('' when it is absent); `root` an object that was
 * taken apart once (keys and raw values, the last of equal keys first); the others are columns, of which the shape is known beforehand.
 */
export type SqlNode =
  | { readonly kind: 'json'; readonly expr: string }
  | { readonly kind: 'root'; readonly keys: string; readonly values: string }
  /** `isNull`: a condition in SQL under which the value is null instead of the object. */
  | { readonly kind: 'object'; readonly entries: ReadonlyMap<string, SqlNode>; readonly isNull?: string }
  | { readonly kind: 'text' | 'texts' | 'number' | 'bool'; readonly expr: string };

export const object = (entries: Readonly<Record<string, SqlNode>>, isNull?: string): SqlNode => ({ kind: 'object', entries: new Map(Object.entries(entries)), ...(isNull === undefined ? {} : { isNull }) });
export const column = (kind: 'text' | 'texts' | 'number' | 'bool', expr: string): SqlNode => ({ kind, expr });
export const json = (expr: string): SqlNode => ({ kind: 'json', expr });
