import type { SourceFiles } from "./source-files.ts";

/** A word of our own and the field's word for it. */
export type GlossaryEntry = {
  /** Looked for in any case, at the beginning of a word or of a part of a name. */
  old: string;
  field: string;
  /** Folders in which it is still to be replaced. Default: none. */
  notYetIn?: readonly string[];
};

/** The glossary of CONTRIBUTING.md, and where it does not hold yet. */
export const GLOSSARY: readonly GlossaryEntry[] = [
  { old: "course", field: "training run, hyperparameters" },
  { old: "teacherShare", field: "distillation weight" },
  { old: "otherCorpora", field: "datasets" },
  { old: "stranger", field: "unseen speaker" },
  { old: "hearing", field: "test-time augmentation" },
  { old: "seal", field: "checksum" },
  { old: "taken for a digit", field: "false accept", notYetIn: ["src/server/"] },
];

/**
 * Looks for words that the glossary replaces.
 *
 * @param sources Files of the project; tests count too.
 * @param glossary What is looked for.
 * @returns One line for each place, for example `src/a.ts:3: "seal", the field says checksum`.
 */
export function findOldWords(sources: SourceFiles, glossary: readonly GlossaryEntry[]): string[] {
  return glossary.flatMap(({ old, field, notYetIn = [] }) => {
    const word = new RegExp(`\\b${old}`, "i");
    const partOfName = new RegExp(`[a-z]${old[0]!.toUpperCase()}${old.slice(1)}`);
    return [...sources]
      .filter(([path]) => !notYetIn.some((folder) => path.startsWith(folder)))
      .flatMap(([path, text]) =>
        text
          .split("\n")
          .flatMap((line, index) =>
            word.test(line) || partOfName.test(line)
              ? [`${path}:${index + 1}: "${old}", the field says ${field}`]
              : [],
          ),
      );
  });
}
