import { plainScalar } from './yaml-scalar.js';

/** Thrown inside the reader only: this file uses something that the full parser must judge. */
class NotPlain extends Error {}
const NOT_PLAIN = new NotPlain();
const DEPTH_MAX = 24;
/** Beginnings that are an indicator in YAML: flow, anchor, alias, tag, directive, reserved. */
const INDICATORS = new Set('[]{}&*!|>%@`,?');
type Map_ = Record<string, unknown>;

/**
 * Reads the block style that rules are written in: block mappings and sequences, one-line scalars, literal and folded blocks.
 * It is ten times faster than a full parser. Whatever else it meets (flow collections, anchors, tags, scalars over several lines,
 * anything wrong), it answers `undefined`, and the full parser decides; so it may refuse, but never read a file differently.
 */
export function readPlainYaml(text: string): unknown[] | undefined {
  try {
    return new Reader(text).documents();
  } catch (error) {
    if (error === NOT_PLAIN) return undefined;
    throw error;
  }
}

class Reader {
  private readonly lines: string[];
  private at = 0;
  /** Of the current line: leading spaces, and the text from there; a sequence item replaces both by those of its content. */
  private indent = 0;
  private content = '';
  private depth = 0;

  constructor(text: string) {
    // Form feeds, tabs in the indentation and the like are left to the full parser.
    if (/[\u0000-\u0008\u000b-\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\u2028\u2029\ufeff]/.test(text)) throw NOT_PLAIN;
    this.lines = text.includes('\r') ? text.split(/\r\n|\r|\n/) : text.split('\n');
  }

  documents(): unknown[] {
    const documents: unknown[] = [];
    let open = false;
    this.at = -1;
    for (let has = this.advance(); ;) {
      if (!has) {
        if (open) documents.push(null);
        return documents;
      }
      if (this.isMarker()) {
        if (open) documents.push(null);
        open = true;
        has = this.advance();
        continue;
      }
      documents.push(this.block());
      open = false;
      if (this.at >= this.lines.length) return documents;
      if (!this.isMarker()) throw NOT_PLAIN;
      has = true;
    }
  }

  private isMarker(): boolean {
    if (this.indent !== 0) return false;
    if (this.content === '---') return true;
    if (this.content.startsWith('---') || this.content.startsWith('...') || this.content.startsWith('%')) throw NOT_PLAIN;
    return false;
  }

  /** To the next line that is neither blank nor a comment. */
  private advance(): boolean {
    for (this.at += 1; this.at < this.lines.length; this.at += 1) {
      const line = this.lines[this.at]!;
      let indent = 0;
      while (line.charCodeAt(indent) === 32) indent += 1;
      if (indent === line.length) continue;
      const first = line.charCodeAt(indent);
      if (first === 35) continue;
      if (line.includes('\t')) throw NOT_PLAIN;
      this.indent = indent;
      this.content = indent === 0 ? line : line.slice(indent);
      return true;
    }
    this.indent = -1;
    this.content = '';
    return false;
  }

  private block(): unknown {
    this.depth += 1;
    if (this.depth > DEPTH_MAX) throw NOT_PLAIN;
    const value = this.isItem() ? this.sequence(this.indent) : this.mapping(this.indent);
    this.depth -= 1;
    return value;
  }

  private isItem(): boolean {
    return this.content.charCodeAt(0) === 45 && (this.content.length === 1 || this.content.charCodeAt(1) === 32);
  }

  private sequence(indent: number): unknown[] {
    const items: unknown[] = [];
    while (this.indent === indent && this.isItem()) {
      let offset = 1;
      while (this.content.charCodeAt(offset) === 32) offset += 1;
      const rest = this.content.slice(offset);
      if (rest === '' || rest.charCodeAt(0) === 35) {
        items.push(this.nested(indent, false));
        continue;
      }
      if (rest.charCodeAt(0) === 45 && (rest.length === 1 || rest.charCodeAt(1) === 32)) throw NOT_PLAIN;
      if (keyEnd(rest) >= 0) {
        this.indent = indent + offset;
        this.content = rest;
        items.push(this.block());
      } else items.push(this.scalar(rest, indent));
    }
    return items;
  }

  private mapping(indent: number): Map_ {
    const map: Map_ = {};
    while (this.indent === indent && !this.isItem()) {
      if (indent === 0 && this.isMarker()) break;
      const end = keyEnd(this.content);
      if (end < 0) throw NOT_PLAIN;
      const key = keyOf(this.content.slice(0, end));
      if (Object.hasOwn(map, key)) throw NOT_PLAIN;
      const rest = this.content.slice(end + 1).trimStart();
      map[key] = rest === '' || rest.charCodeAt(0) === 35 ? this.nested(indent, true) : this.scalar(rest, indent);
    }
    return map;
  }

  /** The block below a key or a dash; a sequence may stand at the indentation of its key. */
  private nested(indent: number, sequenceAtSame: boolean): unknown {
    if (!this.advance()) return null;
    if (this.indent > indent) {
      if (!this.isItem() && keyEnd(this.content) < 0) throw NOT_PLAIN;
      return this.block();
    }
    return sequenceAtSame && this.indent === indent && this.isItem() ? this.block() : null;
  }

  private scalar(text: string, indent: number): unknown {
    const first = text[0]!;
    if (first === '|' || first === '>') return this.blockScalar(text, indent);
    let value: unknown;
    if (first === "'" || first === '"') {
      const end = first === "'" ? singleEnd(text) : doubleEnd(text);
      if (end < 0 || !/^\s*(?:$|\s#)/.test(text.slice(end))) throw NOT_PLAIN;
      value = first === "'" ? text.slice(1, end - 1).replaceAll("''", "'") : unescape(text.slice(1, end - 1));
    } else {
      if (INDICATORS.has(first) || first === ':' || first === '-' && /^-(?:\s|$)/.test(text)) throw NOT_PLAIN;
      const comment = text.indexOf(' #');
      const plain = (comment < 0 ? text : text.slice(0, comment)).trimEnd();
      if (plain.includes(': ') || plain.endsWith(':') || plain.includes('\t')) throw NOT_PLAIN;
      value = plainScalar(plain);
    }
    if (this.advance() && this.indent > indent) throw NOT_PLAIN;
    return value;
  }

  private blockScalar(header: string, indent: number): string {
    const parts = /^([|>])([-+]?)\s*(?:\s#.*)?$/.exec(header);
    if (parts === null) throw NOT_PLAIN;
    const lines: string[] = [];
    let width = 0;
    let at = this.at + 1;
    for (; at < this.lines.length; at += 1) {
      const line = this.lines[at]!;
      let spaces = 0;
      while (line.charCodeAt(spaces) === 32) spaces += 1;
      if (spaces === line.length) {
        if (width === 0 && spaces > 0) throw NOT_PLAIN;
        lines.push(width > 0 && spaces > width ? line.slice(width) : '');
        continue;
      }
      if (spaces <= indent) break;
      if (width === 0) width = spaces;
      if (spaces < width || line.includes('\t')) throw NOT_PLAIN;
      lines.push(line.slice(width));
    }
    this.at = at - 1;
    this.advance();
    let last = lines.length;
    while (last > 0 && lines[last - 1] === '') last -= 1;
    if (parts[2] === '+' || lines.some((line) => line.trim() === '' && line !== '') || width === 0) throw NOT_PLAIN;
    const body = parts[1] === '|' ? lines.slice(0, last).join('\n') : fold(lines.slice(0, last));
    return parts[2] === '-' ? body : `${body}\n`;
  }
}

/** Folding (chapter 8.1.3): a single line break is a space, n+1 are n; lines indented further are left to the full parser. */
function fold(lines: readonly string[]): string {
  let text = '';
  let blanks = 0;
  for (const [index, line] of lines.entries()) {
    if (line === '') {
      blanks += 1;
      continue;
    }
    if (line.startsWith(' ')) throw NOT_PLAIN;
    if (index > 0) text += blanks > 0 ? '\n'.repeat(blanks) : ' ';
    text += line;
    blanks = 0;
  }
  return text;
}

/** Index of the colon behind a key, or -1 when the text is no `key: …`. */
function keyEnd(text: string): number {
  const first = text[0]!;
  if (first === "'" || first === '"') {
    const end = first === "'" ? singleEnd(text) : doubleEnd(text);
    return end >= 0 && text[end] === ':' && (end + 1 === text.length || text.charCodeAt(end + 1) === 32) ? end : -1;
  }
  for (let colon = text.indexOf(':'); colon >= 0; colon = text.indexOf(':', colon + 1)) {
    const next = text.charCodeAt(colon + 1);
    if (colon + 1 === text.length || next === 32 || next === 9) {
      if (INDICATORS.has(first) || first === '#' || text.slice(0, colon).includes(' #') || next === 9) throw NOT_PLAIN;
      return colon;
    }
  }
  return -1;
}

function keyOf(text: string): string {
  const first = text[0]!;
  if (first === "'") return text.slice(1, -1).replaceAll("''", "'");
  if (first === '"') return unescape(text.slice(1, -1));
  const key = text.trimEnd();
  if (key === '<<' || key === '__proto__' || typeof plainScalar(key) !== 'string') throw NOT_PLAIN;
  return key;
}

function singleEnd(text: string): number {
  for (let at = text.indexOf("'", 1); at >= 0; at = text.indexOf("'", at + 2)) if (text[at + 1] !== "'") return at + 1;
  return -1;
}

function doubleEnd(text: string): number {
  for (let at = 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 34) return at + 1;
    if (code === 92) at += 1;
  }
  return -1;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\', '"': '"', '/': '/', n: '\n', t: '\t', r: '\r' };
function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replaceAll(/\\(.?)/gs, (_, char: string) => {
    const escaped = ESCAPES[char];
    if (escaped === undefined) throw NOT_PLAIN;
    return escaped;
  });
}
