/**
 * What models are told, as files: `answer.v1.md` is version 1. A change of words is a new file, so that an answer can
 * say which words it was made with, and what was kept under others is not taken for it.
 */
import { readdirSync, readFileSync } from 'node:fs';

export interface PromptText { readonly name: string; readonly version: number; readonly text: string }

const FOLDER = new URL('../prompts/', import.meta.url);
const FILE = /^([a-z-]+)\.v([1-9]\d*)\.md$/;

/** The newest of each. */
export function openPrompts(folder = FOLDER): ReadonlyMap<string, PromptText> {
  const newest = new Map<string, PromptText>();
  for (const file of readdirSync(folder)) {
    const [, name, version] = FILE.exec(file) ?? [];
    if (name === undefined) throw new Error(`prompts/${file} is not named like answer.v1.md.`);
    if (Number(version) > (newest.get(name)?.version ?? 0)) newest.set(name, { name, version: Number(version), text: readFileSync(new URL(file, folder), 'utf8').trim() });
  }
  return newest;
}
