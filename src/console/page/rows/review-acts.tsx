interface ReviewActsProps {
  /** What the button that writes says; absent when there is nothing that may be written. */
  readonly write?: string | undefined;
  readonly isDanger: boolean;
  readonly back: string;
  readonly isBusy: boolean;
  /** Why it was not written, or is not known to be. */
  readonly fault: string | undefined;
  readonly onWrite: () => void;
  readonly onBack: () => void;
}

/** The second, deliberate act at the end of a review, and the way back. */
export function ReviewActs({ write, isDanger, back, isBusy, fault, onWrite, onBack }: ReviewActsProps) {
  return (
    <>
      {fault && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      <div class="acts">
        {write !== undefined && (
          <button type="button" class={isDanger ? "danger" : "primary"} disabled={isBusy} onClick={onWrite}>
            {write}
          </button>
        )}
        <button type="button" disabled={isBusy} onClick={onBack}>
          {back}
        </button>
        {write !== undefined && fault === undefined && (
          <span class="faint">Nothing is written yet. Calls follow within seconds.</span>
        )}
      </div>
    </>
  );
}
