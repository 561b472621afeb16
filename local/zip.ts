import { buffer } from "node:stream/consumers";
import { ZipFile } from "yazl";

/**
 * Makes a zip archive whose bytes follow from the files' names and contents alone.
 *
 * @param files contents by their path in the archive, with `/` between folders
 */
export async function zip(files: ReadonlyMap<string, Buffer | string>): Promise<Buffer> {
  const archive = new ZipFile();
  const options = {
    // The format keeps local time without its zone: the first moment that it knows, wherever this runs.
    mtime: new Date(1980, 0, 1),
    forceDosTimestamp: true,
    mode: 0o100644,
    compressionLevel: 9,
  };
  for (const [path, content] of [...files].sort(([one], [other]) => (one < other ? -1 : 1))) {
    archive.addBuffer(Buffer.from(content), path, options);
  }
  archive.end();
  return await buffer(archive.outputStream);
}
