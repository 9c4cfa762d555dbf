/**
 * How much work a document makes for the parser and for the readers of its tree. Bytes say little of it: a long text
 * costs next to nothing, as many bytes of tiny elements a hundred times as much.
 */
import { WireError } from '../errors';

/**
 * Elements, attributes, references and what else is one step for the parser: 50 targets with zones of 8 points and
 * cut-outs are 4,700. Twice as many would hold up everything else for a twentieth of a second and more.
 */
export const stepsLimit = 5000;
/** Different names of elements. The largest post seen has 52, all kinds of posts together 200. */
export const namesLimit = 500;
/** Words in one tag. Real tags have 4 at most. */
export const wordsLimit = 64;

export class Effort {
  #steps = 0;
  readonly #names = new Set<string>();

  /** @throws WireError `xml-too-big` when that was one step too many; `place` names the element */
  spend(steps: number, place: () => string): void {
    this.#steps += steps;
    if (this.#steps > stepsLimit) throw tooMuch(`${stepsLimit} elements, attributes and references`, place);
  }

  /** @throws WireError `xml-too-big` where the document, or this tag, is beyond everything that devices write */
  spendTag(name: string, words: number, place: () => string): void {
    this.spend(1 + words, place);
    if (words > wordsLimit) throw tooMuch(`${wordsLimit} attributes in one element`, place);
    this.#names.add(name);
    if (this.#names.size > namesLimit) throw tooMuch(`${namesLimit} names of elements`, place);
  }

  /** Each `&` makes the parser look for a reference, whether there is one or not. */
  spendReferences(text: string, place: () => string): void {
    for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) this.spend(1, place);
  }
}

function tooMuch(limit: string, place: () => string): WireError {
  return new WireError('xml-too-big', `the post has more than ${limit}; no device sends that many`, { place: place() });
}
