import type { Buffer } from 'node:buffer';
import { accessSync, constants, rmSync, unlinkSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';

/** `IOV_MAX` of Linux: buffers that one writev takes. */
const VECTORS_MAX = 1024;
/** Pages beyond this are given back after an unusually large insert. */
const KEEP_BYTES_MAX = 64 * 1024 * 1024;
const MEMORY_FOLDER = '/dev/shm';

/**
 * How bytes get into the embedded engine without being copied into the text of a query: a file in memory that `file()` reads.
 * On Linux it has no name (unlinked at once, opened again through /proc), so nothing is left behind by a kill and nobody else can
 * open it. Its pages are used again by the next insert. Elsewhere, or without a memory file system, it lies in the data folder.
 */
export class ScratchFile {
  private sizeBytes = 0;

  private constructor(private readonly file: FileHandle, readonly path: string, private readonly named: boolean) {}

  static async create(dataFolder: string): Promise<ScratchFile> {
    const folder = isWritable(MEMORY_FOLDER) ? MEMORY_FOLDER : dataFolder;
    const path = join(folder, `wary-${process.pid}-${randomUUID()}.scratch`);
    const file = await open(path, 'wx+', 0o600);
    if (process.platform !== 'linux') return new ScratchFile(file, path, true);
    unlinkSync(path);
    return new ScratchFile(file, `/proc/self/fd/${file.fd}`, false);
  }

  /** Replaces what was in it. */
  async write(chunks: readonly Buffer[]): Promise<void> {
    let position = 0;
    for (let start = 0; start < chunks.length; start += VECTORS_MAX) {
      position += await this.writeAll(chunks.slice(start, start + VECTORS_MAX), position);
    }
    if (position < this.sizeBytes) await this.file.truncate(position);
    this.sizeBytes = position;
  }

  /** A full memory file system may take only part of it. */
  private async writeAll(chunks: Buffer[], position: number): Promise<number> {
    const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    let written = (await this.file.writev(chunks, position)).bytesWritten;
    while (written < total) {
      const rest = unwritten(chunks, written);
      const { bytesWritten } = await this.file.writev(rest, position + written);
      if (bytesWritten === 0) throw Object.assign(new Error('the scratch file takes no more bytes'), { code: 'ENOSPC' });
      written += bytesWritten;
    }
    return total;
  }

  /** Gives a large file's memory back. */
  async trim(): Promise<void> {
    if (this.sizeBytes <= KEEP_BYTES_MAX) return;
    await this.file.truncate(0);
    this.sizeBytes = 0;
  }

  async close(): Promise<void> {
    await this.file.close();
    if (this.named) rmSync(this.path, { force: true });
  }
}

function unwritten(chunks: readonly Buffer[], written: number): Buffer[] {
  const rest: Buffer[] = [];
  let skip = written;
  for (const chunk of chunks) {
    if (skip < chunk.length) rest.push(chunk.subarray(skip));
    skip = Math.max(0, skip - chunk.length);
  }
  return rest;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
