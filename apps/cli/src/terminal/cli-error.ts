/** An expected failure: one clear line and an exit status, no stack. */
export class CliError extends Error {
  constructor(message: string, readonly status = 1) {
    super(message);
    this.name = 'CliError';
  }
}

const EXPECTED_CODES: { readonly [code: string]: string } = {
  ENOENT: 'there is no such file or folder', EACCES: 'permission denied', EISDIR: 'is a folder', ENOTDIR: 'a part of the path is not a folder', ENOSPC: 'the disk is full', EROFS: 'the file system is read-only', EEXIST: 'is already there',
};

/** The line that a person reads: expected failures by their message, failures of the file system by file and reason, the rest as what it is. */
export function lineOf(error: unknown): string {
  if (error instanceof CliError) return error.message;
  const { code, path } = error as NodeJS.ErrnoException;
  if (code !== undefined && path !== undefined && code in EXPECTED_CODES) return `${path}: ${EXPECTED_CODES[code]}`;
  if (error instanceof Error) return `${error.message} (this is a fault of ours; WARY_LOG_LEVEL=debug shows where)`;
  return String(error);
}
