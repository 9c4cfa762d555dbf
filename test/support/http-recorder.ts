/** A receiver that writes down what it is given, and lets a test wait for it. */
import type { SecurityEventsError } from '../../src/errors';
import type { Answer, Delivery, Post, Receiver } from '../../src/http/receiver';
import { viewtron } from '../../src/vendors/viewtron';

/** A list that can be waited for. */
export class Arrivals<T> {
  readonly items: T[] = [];
  readonly #waiting: { readonly count: number; readonly resolve: (items: readonly T[]) => void }[] = [];

  add(item: T): void {
    this.items.push(item);
    for (const waiter of this.#waiting) if (waiter.count <= this.items.length) waiter.resolve(this.items);
  }

  /** Resolves when so many have come, at once where they have. */
  until(count: number): Promise<readonly T[]> {
    if (count <= this.items.length) return Promise.resolve(this.items);
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }
}

export class Recorder implements Receiver {
  readonly vendor: string;
  methods: readonly string[] = viewtron.methods;
  readonly posts = new Arrivals<Post>();
  readonly errors = new Arrivals<SecurityEventsError>();

  constructor(vendor = 'viewtron') {
    this.vendor = vendor;
  }

  answer(post: Post): Answer {
    return viewtron.answer(post);
  }

  deliver(post: Post): Delivery | undefined {
    this.posts.add(post);
    return undefined;
  }

  refused(error: SecurityEventsError): void {
    this.errors.add(error);
  }
}
