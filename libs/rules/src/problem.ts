/** Where in a document: the keys from the root, and inside a text value the character. */
export interface Place { readonly path: readonly (string | number)[]; readonly offset?: number }

/** What is wrong, why, and what to do; `code` is stable. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** The rule's id, when it was read. */
  readonly rule?: string;
}

/** Thrown while one document is read; the loader turns it into a Problem with file, line and column. */
export class RuleError extends Error {
  constructor(readonly code: string, message: string, readonly place: Place) {
    super(message);
    this.name = 'RuleError';
  }
}

export const fail = (code: string, message: string, path: readonly (string | number)[], offset?: number): never => {
  throw new RuleError(code, message, { path, ...(offset === undefined ? {} : { offset }) });
};
