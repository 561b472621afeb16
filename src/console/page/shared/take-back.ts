import type { WriteAnswer } from "../../api/changing.ts";
import { announce } from "./announce.tsx";
import { AskFault, post, saysOf } from "./ask.ts";

/**
 * Puts rows back as they were before something was written.
 *
 * @param change its name in `StateAnswer.undoable`, and what it did
 * @returns why it was not done, or is not known to be
 */
export async function takeBack({ undo, says }: Pick<WriteAnswer, "undo" | "says">): Promise<string | undefined> {
  try {
    await post<WriteAnswer>("/api/undo", { undo });
    announce(`Undone: ${says}`);
    return undefined;
  } catch (thrown) {
    // What was not refused may have been done all the same.
    const isRefused = thrown instanceof AskFault && thrown.isRefusal;
    return isRefused ? `${says} was not undone. ${saysOf(thrown)}` : saysOf(thrown);
  }
}
