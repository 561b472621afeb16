interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly happen: () => void;
}

/** What is yet to happen, in order of time; at the same moment, in the order in which it was planned. */
export class EventQueue {
  readonly #heap: Event[] = [];
  #planned = 0;
  #nowMs = 0;

  /** The moment that the simulation has come to. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** @param atMs not before now */
  at(atMs: number, happen: () => void): void {
    if (!(atMs >= this.#nowMs)) throw new RangeError(`${atMs} ms lies before ${this.#nowMs} ms`);
    const heap = this.#heap;
    const event = { atMs, order: this.#planned++, happen };
    let place = heap.length;
    while (place > 0) {
      const parent = heap[(place - 1) >> 1];
      if (parent === undefined || isBefore(parent, event)) break;
      heap[place] = parent;
      place = (place - 1) >> 1;
    }
    heap[place] = event;
  }

  after(delayMs: number, happen: () => void): void {
    this.at(this.#nowMs + delayMs, happen);
  }

  /** Lets everything happen, and all that comes of it. */
  run(): void {
    for (let event = this.#take(); event !== undefined; event = this.#take()) {
      this.#nowMs = event.atMs;
      event.happen();
    }
  }

  #take(): Event | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let place = 0;
    for (;;) {
      const left = heap[2 * place + 1];
      if (left === undefined) break;
      const right = heap[2 * place + 2];
      const isRight = right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (isBefore(last, child)) break;
      heap[place] = child;
      place = 2 * place + (isRight ? 2 : 1);
    }
    heap[place] = last;
    return first;
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}
