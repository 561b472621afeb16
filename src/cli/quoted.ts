/** An argument as it is typed into a shell: in quotes when it is more than a plain word. */
export function quoted(text: string, platform: NodeJS.Platform = process.platform): string {
  if (/^[\w:+./@,=-]+$/.test(text)) return text;
  // Within double quotes a POSIX shell would still expand `$` and backticks, and Windows knows no single ones.
  return platform === "win32" ? `"${text.replaceAll('"', '\\"')}"` : `'${text.replaceAll("'", "'\\''")}'`;
}
