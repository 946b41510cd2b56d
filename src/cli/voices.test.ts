import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";

const run = promisify(execFile);

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gather-voices-test-"));
  await mkdir(join(folder, "bin"));
  await writeCommand("apt-get", 'touch "$3_1.0_all.deb"; [ "$3" != "$MISSING_PACKAGE" ]');
  // -x FILE FOLDER unpacks, -f FILE Version tells. Only one of the packages holds anything.
  await writeCommand(
    "dpkg-deb",
    `[ "$1" = -f ] && echo 1.0 && exit
     mkdir -p "$3"
     case "$2" in *klettres*) ;; *) exit 0;; esac
     mkdir -p "$3/usr/share/klettres/de/alpha" "$3/usr/share/klettres/en/alpha" "$3/usr/share/klettres/pics"
     for i in $(seq 130); do touch "$3/usr/share/klettres/de/alpha/$i.ogg"; done
     touch "$3/usr/share/klettres/en/alpha/a.ogg" "$3/usr/share/klettres/pics/a.png"`,
  );
});

afterAll(() => rm(folder, { recursive: true }));

async function writeCommand(name: string, script: string): Promise<void> {
  await writeFile(join(folder, "bin", name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, "bin", name), 0o755);
}

function gather(args: string[], environment: Record<string, string> = {}) {
  const env = { ...process.env, PATH: `${join(folder, "bin")}:${process.env.PATH}`, ...environment };
  return run(process.execPath, ["--import", "tsx", "src/cli/main.ts", "voices", "gather", ...args], { env });
}

it("makes a folder for each voice, at most 120 recordings in it, and says whose they are", async () => {
  const target = join(folder, "voices");
  const { stdout } = await gather([target]);
  expect(stdout).toBe("klettres-data 1.0: 120 recordings of 1 voice, GPL-2+\n");
  expect(await readdir(target)).toEqual(["CREDITS.txt", "klettres-data-de"]);
  expect(new Set(await readdir(join(target, "klettres-data-de"))).size).toBe(120);
  expect(await readFile(join(target, "CREDITS.txt"), "utf8")).toBe(stdout);
});

it("--held-out: the voices that no training has", async () => {
  const target = join(folder, "held-out");
  await gather([target, "--held-out"]);
  expect(await readdir(target)).toEqual(["CREDITS.txt", "klettres-data-en"]);
});

it("never writes over a folder, and leaves nothing behind when a package cannot be had", async () => {
  await mkdir(join(folder, "there"));
  await expect(gather([join(folder, "there")])).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining("is there already; name another folder"),
  });
  await expect(gather([join(folder, "broken")], { MISSING_PACKAGE: "kajongg" })).rejects.toMatchObject({
    stderr: expect.stringContaining("kajongg"),
  });
  await expect(gather([join(folder, "broken")], { PATH: join(folder, "nowhere") })).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("there is no apt-get here: this needs Debian, Ubuntu or the like"),
  });
  expect((await readdir(folder)).filter((name) => name.startsWith("broken"))).toEqual([]);
});
