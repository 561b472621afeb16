/** Lines of the sample rows, by their ids. */
export const BOT_LINE = "24701998-1a73-4d42-8085-bf46ed0ae039";
export const PSTN_LINE = "7629bdce-046c-4903-86b4-a8f718277e1a";
export const SUPPORT_LINE = "3d9f1c52-7c1e-4f0b-9a53-5c0f6b0a7e11";
