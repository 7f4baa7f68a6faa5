import { crc32, deflateRawSync } from "node:zlib";

export interface Entry {
  readonly name: string;
  readonly body: Uint8Array;
}

/** 1 January 1980: the same files always make the same archive, and so the same function. */
const someDay = { date: (1 << 5) | 1, time: 0 };
/** 2.0: deflated; made where files have modes. */
const version = 20 | (3 << 8);
const readableByAll = 0o100644;

/**
 * A ZIP archive, as Lambda takes it.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export function zip(entries: readonly Entry[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, body } of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = Buffer.from(name);
    const packed = deflateRawSync(body, { level: 9 });
    const common = Buffer.alloc(26);
    common.writeUInt16LE(version & 0xff, 0);
    common.writeUInt16LE(0x0800, 2); // names are UTF-8
    common.writeUInt16LE(8, 4); // deflate
    common.writeUInt16LE(someDay.time, 6);
    common.writeUInt16LE(someDay.date, 8);
    common.writeUInt32LE(crc32(body), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(body.length, 18);
    common.writeUInt16LE(path.length, 22);
    const file = [signature("PK\u0003\u0004"), common, path, packed];
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(readableByAll * 0x10000, 6);
    rest.writeUInt32LE(offset, 10);
    central.push(signature("PK\u0001\u0002"), shortOf(version), common, rest, path);
    local.push(...file);
    offset += Buffer.concat(file).length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...local, directory, signature("PK\u0005\u0006"), end]);
}

const signature = (text: string): Buffer => Buffer.from(text, "latin1");

function shortOf(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16LE(value);
  return buffer;
}
