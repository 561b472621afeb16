/**
 * Long work in short steps. It rests at each `yield`, where whoever drives it may do something else, or give it up; it
 * takes and gives nothing there.
 */
export type Steps<T> = Generator<void, T, void>;

/** Does the work in one go. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
