import { useConsoleState } from "./state.ts";

/** Whether what is said of problems may be of older rows: the check of the present ones has not come to its end. */
export function useStillChecking(): boolean {
  return useConsoleState()?.isChecked === false;
}

/** Says so where problems are counted. Its place is always there, so that screen readers hear what comes into it. */
export function StillChecking() {
  return (
    <p class="faint" role="status">
      {useStillChecking() && "Still checking the rows as they are now…"}
    </p>
  );
}
