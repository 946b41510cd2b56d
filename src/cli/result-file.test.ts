import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { LineFormat } from "./output-format.ts";
import { openResultFile } from "./result-file.ts";

const folder = mkdtempSync(join(tmpdir(), "spoken-digits-result-"));
afterAll(() => rmSync(folder, { recursive: true }));

const HEAD = "file,digit,error\n";

/** Goes on with a file of this text, asks for names and adds a line. */
async function goOn(format: LineFormat, text: string, names: readonly string[]) {
  const path = join(folder, "result");
  writeFileSync(path, text);
  const file = await openResultFile(path, { format, head: format === "csv" ? HEAD : "", resume: true });
  const isNew = names.map((name) => file.claim(name));
  await file.append("added\n");
  await file.close();
  return { nDone: file.nDone, isNew, text: readFileSync(path, "utf8") };
}

describe("a file that goes on", () => {
  test.each([
    ["json", '{"file":"a"}\n{"file":"b', '{"file":"a"}\n', 1],
    ["json", '{"file":"a"}\n', '{"file":"a"}\n', 1],
    ["json", '{"fi', "", 0],
    ["csv", `${HEAD}a,1,\nb,2`, `${HEAD}a,1,\n`, 1],
    ["csv", "file,dig", HEAD, 0],
    ["csv", `${HEAD}"a\nb",1,\n"c\n`, `${HEAD}"a\nb",1,\n`, 1],
  ] as const)("of %s, %j, loses the line that was cut", async (format, before, kept, nDone) => {
    expect(await goOn(format, before, [])).toMatchObject({ nDone, text: `${kept}added\n` });
  });

  test("knows the names it has, and those it was asked for", async () => {
    const { isNew } = await goOn("csv", `${HEAD}"a\nb",1,\n`, ["a\nb", "c", "c"]);
    expect(isNew).toEqual([false, true, false]);
  });

  test("knows each of many", async () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `calls/${i}.wav`);
    const text = names.map((file) => `${JSON.stringify({ file })}\n`).join("");
    const { nDone, isNew } = await goOn("json", text, [...names, "calls/10000.wav"]);
    expect(nDone).toBe(10_000);
    expect(isNew.indexOf(true)).toBe(10_000);
  });

  test("is refused where it is something else", async () => {
    await expect(goOn("json", "no JSON\n", [])).rejects.toMatchObject({ code: "file-unreadable" });
  });
});

test("a folder that is not there is told", async () => {
  const open = openResultFile(join(folder, "no", "x.csv"), { format: "csv", head: HEAD });
  await expect(open).rejects.toMatchObject({ code: "file-unreadable" });
});
