import type { EventQueue } from "./event-queue.ts";
import { Instance } from "./instance.ts";
import type { LimitName } from "./limits.ts";
import type { Span } from "./span.ts";

/** One post to the app. */
export interface Post {
  readonly atMs: number;
  /** Its turn has come. Whoever is called hands the instance back with {@link Fleet.release}. */
  readonly start: (instance: Instance) => void;
  /** It has waited for longer than its sender does. */
  readonly abandon: () => void;
}

export interface FleetOptions {
  readonly alwaysReady: number;
  /** Requests at once on an instance. */
  readonly concurrency: number;
  /** The app's own maximum, and what the region still has. */
  readonly cap: number;
  readonly quota: number;
  readonly instancesPerSecond: number;
  readonly scaleEveryMs: number;
  /** How long a post waits for a place. */
  readonly patienceMs: number;
  /** Activity outside of it is not billed. */
  readonly measured: Span;
  /** Milliseconds from the order to an instance until it takes posts; `ordinal` counts from 0, always-ready ones left out. */
  readonly startMs: (ordinal: number) => number;
  readonly onLimit: (limit: LimitName) => void;
}

/**
 * The front end and the instances behind it.
 *
 * A post goes to the instance with the most room, or waits its turn, first come, first served. While posts wait, instances
 * are ordered: as many as the posts in hand and waiting need, no faster than the platform gives them.
 */
export class Fleet {
  readonly #queue: EventQueue;
  readonly #options: FleetOptions;
  readonly #instances: Instance[] = [];
  /** The instances by the room that they have: which has the most is asked for every post. */
  readonly #byRoom: readonly Set<Instance>[];
  #ordered = 0;
  #inHand = 0;
  #waiting: Post[] = [];
  #firstWaiting = 0;
  #scaling = false;

  constructor(queue: EventQueue, options: FleetOptions) {
    this.#queue = queue;
    this.#options = options;
    const { alwaysReady, concurrency, measured } = options;
    this.#byRoom = Array.from({ length: concurrency + 1 }, () => new Set());
    for (let count = 0; count < alwaysReady; count++) this.#add(new Instance(true, concurrency, measured));
  }

  /** Instances that run; none is taken away. */
  get size(): number {
    return this.#instances.length;
  }

  /** Seconds of activity that are billed, by kind of instance. */
  billedSeconds(): { readonly onDemand: number; readonly alwaysReady: number } {
    const sum = (alwaysReady: boolean) =>
      this.#instances.reduce((ms, each) => ms + (each.alwaysReady === alwaysReady ? each.billedMs : 0), 0) / 1000;
    return { onDemand: sum(false), alwaysReady: sum(true) };
  }

  take(post: Post): void {
    this.#waiting.push(post);
    this.#serve();
    if (this.#firstWaiting < this.#waiting.length) this.#planScaling();
  }

  release(instance: Instance): void {
    this.#byRoom[instance.room]?.delete(instance);
    instance.givePlace(this.#queue.nowMs);
    this.#byRoom[instance.room]?.add(instance);
    this.#inHand--;
    this.#serve();
  }

  #add(instance: Instance): void {
    this.#instances.push(instance);
    this.#byRoom[instance.room]?.add(instance);
  }

  #serve(): void {
    this.#dropAbandoned();
    while (this.#firstWaiting < this.#waiting.length) {
      const instance = this.#roomiest();
      const post = this.#waiting[this.#firstWaiting];
      if (instance === undefined || post === undefined) return;
      this.#firstWaiting++;
      this.#inHand++;
      this.#byRoom[instance.room]?.delete(instance);
      instance.takePlace(this.#queue.nowMs);
      this.#byRoom[instance.room]?.add(instance);
      post.start(instance);
    }
    this.#waiting = [];
    this.#firstWaiting = 0;
  }

  #roomiest(): Instance | undefined {
    for (let room = this.#byRoom.length - 1; room > 0; room--) {
      for (const instance of this.#byRoom[room] ?? []) return instance;
    }
    return undefined;
  }

  #dropAbandoned(): void {
    const { patienceMs } = this.#options;
    for (let post = this.#waiting[this.#firstWaiting]; post !== undefined; post = this.#waiting[this.#firstWaiting]) {
      if (this.#queue.nowMs - post.atMs < patienceMs) return;
      this.#firstWaiting++;
      post.abandon();
    }
  }

  /** The first instance of all is ordered at once; else there is a decision every so often while posts wait. */
  #planScaling(): void {
    if (this.#scaling) return;
    this.#scaling = true;
    const isFirst = this.#instances.length + this.#ordered === 0;
    this.#queue.after(isFirst ? 0 : this.#options.scaleEveryMs, () => this.#scale());
  }

  #scale(): void {
    this.#scaling = false;
    this.#serve();
    const waiting = this.#waiting.length - this.#firstWaiting;
    if (waiting === 0) return;
    const { concurrency, cap, quota, onLimit, instancesPerSecond, scaleEveryMs } = this.#options;
    const needed = Math.ceil((this.#inHand + waiting) / concurrency);
    if (needed > Math.min(cap, quota)) onLimit(quota < cap ? "the regional quota" : "the instance cap");
    const missing = Math.min(needed, cap, quota) - this.#instances.length - this.#ordered;
    const given = Math.min(missing, Math.max(1, Math.floor((instancesPerSecond * scaleEveryMs) / 1000)));
    for (let count = 0; count < given; count++) this.#order();
    this.#planScaling();
  }

  #order(): void {
    const { concurrency, measured, startMs, alwaysReady } = this.#options;
    const ordinal = this.#instances.length + this.#ordered - alwaysReady;
    this.#ordered++;
    this.#queue.after(startMs(ordinal), () => {
      this.#ordered--;
      this.#add(new Instance(false, concurrency, measured));
      this.#serve();
    });
  }
}
