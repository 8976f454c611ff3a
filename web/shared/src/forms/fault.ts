/** What is wrong with a formula, said so that the designer can point at it. */
export class Fault extends Error {
  /** Where, in characters (code points) from the start of the formula. */
  readonly at: number;
  readonly code: string;
  /** The word at fault. */
  readonly word: string;

  constructor(at: number, code: string, word: string) {
    super(`${code} ${word} at ${at}`);
    this.name = 'Fault';
    this.at = at;
    this.code = code;
    this.word = word;
  }
}
