const CHARS_MAX = 256;
const TEXTS_MAX = 512;
/** After so many texts it is clear whether they come again. */
const TRIED = 2_048;

/**
 * A test of texts that remembers its answers for short ones: a client's name or a model's comes a thousand times, and a regular
 * expression costs a hundred look-ups. Where texts hardly come again it stops remembering.
 */
export function remembering(test: (text: string) => boolean): (text: string) => boolean {
  let known: Map<string, boolean> | null = new Map();
  let tried = 0;
  let met = 0;
  return (text) => {
    if (known === null || text.length > CHARS_MAX) return test(text);
    tried += 1;
    let answer = known.get(text);
    if (answer !== undefined) {
      met += 1;
      return answer;
    }
    answer = test(text);
    if (tried >= TRIED && met * 2 < tried) known = null;
    else {
      if (known.size >= TEXTS_MAX) known.clear();
      known.set(text, answer);
    }
    return answer;
  };
}
