export interface PromptScore {
  /** 0 ordinary to 1 certainly an attempt to override instructions; detectors flag from 0.5 on. */
  readonly score: number;
  readonly reasons: readonly string[];
}

export type PromptSource = 'user' | 'retrieved' | 'tool';

export function scorePrompt(_text: string, _source: PromptSource = 'user'): PromptScore {
  return { score: 0, reasons: [] };
}
