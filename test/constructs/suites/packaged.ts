import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, inflateRawSync } from "node:zlib";
import { App } from "aws-cdk-lib";
import { describe, expect, test } from "vitest";
import { packageAssembly, templateName } from "../../../scripts/package/assembly.ts";
import { example } from "../stacks.ts";

describe("the stack without CDK", () => {
  test("is a template that names archives beside it, and asks for nothing that CDK would have made", async () => {
    const to = await mkdtemp(join(tmpdir(), "pgvigil-package-"));
    const app = example.stack.node.root;
    if (!App.isApp(app)) throw new Error("the stack stands in no app");
    const files = await packageAssembly(app.synth().directory, "Test", to);
    const text = await readFile(join(to, templateName), "utf8");
    expect(text).not.toMatch(/cdk-hnb659fds|BootstrapVersion|aws:cdk:path/);
    expect(text.length).toBeLessThan(1_000_000); // what CloudFormation takes from a bucket
    const { Resources } = JSON.parse(text);
    expect(Object.keys(Resources).sort()).toEqual(Object.keys(example.resources).sort());
    const codes = Object.values<{ Type: string; Properties: { Code?: string } }>(Resources).flatMap(
      ({ Type, Properties }) => (Type === "AWS::Lambda::Function" ? [Properties.Code] : []),
    );
    expect(codes).toHaveLength(7);
    // Pulse and deep of every network are one archive.
    expect([...new Set(codes)].sort()).toEqual(
      files
        .filter((file) => file !== templateName)
        .map((file) => `./${file}`)
        .sort(),
    );
    expect(files).toHaveLength(5);
    for (const file of files.filter((each) => each.endsWith(".zip"))) {
      const held = unzipped(await readFile(join(to, file)));
      expect(Object.keys(held).sort()).toEqual(["config.json", "index.mjs"]);
      expect(JSON.parse(held["config.json"] ?? "")).toMatchObject({ timezone: "Europe/Berlin" });
    }
  });
});

/** By the directory at its end, as Lambda reads it. */
function unzipped(archive: Buffer): Record<string, string> {
  const files: Record<string, string> = {};
  const end = archive.length - 22;
  expect(archive.toString("latin1", end, end + 4)).toBe("PK\u0005\u0006");
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    expect(archive.toString("latin1", at, at + 4)).toBe("PK\u0001\u0002");
    const [packed, size] = [archive.readUInt32LE(at + 20), archive.readUInt32LE(at + 24)];
    const length = archive.readUInt16LE(at + 28);
    const name = archive.toString("utf8", at + 46, at + 46 + length);
    const local = archive.readUInt32LE(at + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26);
    const body = inflateRawSync(archive.subarray(start, start + packed));
    expect(body.length).toBe(size);
    expect(crc32(body)).toBe(archive.readUInt32LE(at + 16));
    // Readable by the user that Lambda runs functions as.
    expect((archive.readUInt32LE(at + 38) / 0x10000) & 0o444).toBe(0o444);
    files[name] = body.toString("utf8");
    at += 46 + length;
  }
  return files;
}
