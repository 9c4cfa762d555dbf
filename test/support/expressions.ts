/** What looking through a text costs, by what is looked at instead of by the clock. */

/**
 * A regular expression that may begin anywhere can need time with the square of the letters.
 *
 * @param harmless the sources of those that do not count
 * @returns of all texts that such an expression was set upon, the length of the longest
 */
export function longestSearched(action: () => unknown, harmless?: RegExp): number {
  const prototype: Pick<RegExp, 'exec'> = RegExp.prototype;
  const own = prototype.exec;
  let longest = 0;
  prototype.exec = function (this: RegExp, text: string): RegExpExecArray | null {
    const { sticky, source, lastIndex } = this;
    const isBound = sticky || source.startsWith('^') || (harmless !== undefined && own.call(harmless, source) !== null);
    if (!isBound) longest = Math.max(longest, text.length - lastIndex);
    return own.call(this, text);
  };
  try {
    action();
  } finally {
    prototype.exec = own;
  }
  return longest;
}

/** @returns how often one letter of a text was asked for */
export function countLooks(action: () => unknown): number {
  const prototype: Pick<string, 'charAt'> = String.prototype;
  const own = prototype.charAt;
  let looks = 0;
  prototype.charAt = function (this: string, at: number): string {
    looks += 1;
    return own.call(this, at);
  };
  try {
    action();
  } finally {
    prototype.charAt = own;
  }
  return looks;
}
