/** Tests on UTF-16 units, written out because they run for every character. */
export const isDigit = (c: number): boolean => c >= 48 && c <= 57;
export const isAsciiLetter = (c: number): boolean => (c >= 97 && c <= 122) || (c >= 65 && c <= 90);
export const isAlnum = (c: number): boolean => isDigit(c) || isAsciiLetter(c);
export const isHex = (c: number): boolean => isDigit(c) || (c >= 97 && c <= 102) || (c >= 65 && c <= 70);
/** Letters, digits, `_` and `-`: what most tokens are made of. */
export const isTokenChar = (c: number): boolean => isAlnum(c) || c === 95 || c === 45;
/** `\w`. */
export const isWordChar = (c: number): boolean => isAlnum(c) || c === 95;
export const isSpace = (c: number): boolean => c === 32 || (c >= 9 && c <= 13) || c === 0xa0;
