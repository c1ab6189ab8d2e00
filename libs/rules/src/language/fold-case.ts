/**
 * How case is ignored, everywhere the same: Unicode's default lower case, letter by letter, without the rule that writes a sigma at the
 * end of a word as ς (a part of a text would then fold differently from the whole). So İ (U+0130) is i and a dot above, K (U+212A) is k,
 * ẞ is ß, and ſ stays ſ.
 */
export function foldCase(text: string): string {
  return (text.includes('Σ') ? text.replaceAll('Σ', 'σ') : text).toLowerCase();
}
