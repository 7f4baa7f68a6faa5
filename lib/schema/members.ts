import { Readable } from "node:stream";
import { promisify } from "node:util";
import { createGunzip, gunzipSync, gzip } from "node:zlib";
import * as z from "zod";
import { messageOf } from "../core/errors.ts";
import { factSchema } from "./fact.ts";
import { beforeObjects, bodyTexts, headText, readFile, SnapshotError } from "./file.ts";
import type { Segment } from "./segment.ts";
import { inSegments, type Snapshot } from "./snapshot.ts";
import { segmentChecksum } from "./tree.ts";

const compressed = promisify(gzip);

/**
 * A snapshot as it is stored: the file of it in several members of gzip, one after the other, which
 * is gzip too and which `zcat` prints as the file. A member for the head, which says how long the
 * others are; one a segment of the hash tree; one for the end. So that of two snapshots only what
 * differs is unpacked.
 */
export async function pack(snapshot: Snapshot): Promise<Uint8Array> {
  const members: Uint8Array[] = [];
  for (const text of bodyTexts(snapshot)) members.push(await compressed(text));
  const head = headText(snapshot, { bytes: members.map(({ length }) => length) });
  return Buffer.concat([await compressed(`${head.slice(0, -2)}${beforeObjects}`), ...members]);
}

/**
 * The head is held against its checksum now, the objects of a segment when somebody asks for them.
 *
 * @throws SnapshotError for what is no snapshot, is another release's, or is damaged; so do its
 *   segments
 */
export async function unpack(body: Uint8Array, place: string): Promise<Snapshot> {
  const { head, bytes, objects } = readFile(await headIn(body, place), place);
  if (bytes === undefined) return packedByHand(body, place);
  const { segments } = head.tree;
  let end = body.length - bytes.reduce((sum, length) => sum + length, 0);
  if (bytes.length !== segments.length + 1 || end <= 0 || objects !== undefined) {
    throw damaged(place, "its parts are not where its head says");
  }
  return inSegments(
    head,
    segments.map((checksum, number) => {
      const start = end;
      end += bytes[number] ?? 0;
      return segmentIn(body.subarray(start, end), checksum, place);
    }),
  );
}

function segmentIn(member: Uint8Array, checksum: string, place: string): Segment {
  const lines = () => {
    const text = gunzip(member, place);
    return `${text.slice(text.indexOf("\n") + 1)}\n`;
  };
  return {
    checksum,
    lines: () => lines().replaceAll(",\n", "\n"),
    facts() {
      const { data } = z.array(factSchema).safeParse(parse(`[${lines()}]`, place));
      if (data !== undefined && segmentChecksum(data) === checksum) return data;
      throw damaged(place, "its objects do not have the checksum that its head names");
    },
  };
}

function parse(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw damaged(place, messageOf(cause), cause);
  }
}

/** By gzip itself, from a file: as one member, or as many. */
function packedByHand(body: Uint8Array, place: string): Snapshot {
  const { head, objects } = readFile(gunzip(body, place), place);
  if (objects !== undefined) return { ...head, facts: objects };
  throw new SnapshotError(
    `${place} is a seal without its objects`,
    "Seal a whole snapshot to be told what differs.",
  );
}

/** The text up to the objects, of however many there are. */
async function headIn(body: Uint8Array, place: string): Promise<string> {
  const pieces = Readable.from([body]).pipe(createGunzip()).setEncoding("utf8");
  let text = "";
  try {
    for await (const piece of pieces) {
      text += piece;
      const end = text.indexOf(beforeObjects);
      if (end >= 0) return `${text.slice(0, end)}\n}`;
    }
    return text;
  } catch (cause) {
    throw damaged(place, messageOf(cause), cause);
  }
}

function gunzip(body: Uint8Array, place: string): string {
  try {
    return gunzipSync(body).toString("utf8");
  } catch (cause) {
    throw damaged(place, messageOf(cause), cause);
  }
}

const damaged = (place: string, why: string, cause?: unknown) =>
  new SnapshotError(`${place} is damaged: ${why}`, "Delete it, and take the snapshot again.", {
    cause,
  });
