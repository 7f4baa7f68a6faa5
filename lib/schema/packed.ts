import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";

/** Characters a block: what is unpacked at once. */
const blockSize = 262_144;
const fast = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/**
 * Lines, kept compressed and off the heap: a tenth of the memory, at 3 ns a byte. They are read
 * again only where a snapshot is stored, written or held against another one.
 */
export class PackedLines {
  readonly #blocks: Uint8Array[] = [];
  #open = "";

  add(line: string): void {
    this.#open += `${line}\n`;
    if (this.#open.length < blockSize) return;
    // A copy: what zlib gives holds on to a buffer several times its length.
    this.#blocks.push(new Uint8Array(zstdCompressSync(this.#open, fast)));
    this.#open = "";
  }

  /** In the order in which they came; each text holds some lines, and ends with one. */
  *texts(): Generator<string> {
    for (const block of this.#blocks) yield zstdDecompressSync(block).toString("utf8");
    if (this.#open !== "") yield this.#open;
  }
}
