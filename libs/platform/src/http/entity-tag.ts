import { WaryError } from '@wary/model/errors.js';

/** The row version is the tag. */
export const entityTag = (version: number): string => `"${version}"`;

/** Version that `If-Match` demands; undefined when the header is absent or `*`. */
export function readIfMatch(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const match = /^(?:W\/)?"(\d{1,15})"$/.exec(header.trim());
  if (match === null) throw new WaryError('bad_request', 'If-Match takes the ETag of the last answer, as in If-Match: "3"');
  return Number(match[1]);
}
