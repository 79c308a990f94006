/**
 * Every file of the old form that is bundled, for whether it writes to what it never declared: the one thing that such a file
 * may do, a module may not, and a bundler does not refuse. Run it when a package comes or goes. `npm run test:full packs`
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Linter, type Rule } from 'eslint';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PACKS = join(ROOT, '.atlas', 'packs');
const SAY_EVERY = 500;

const writesUndeclared: Rule.RuleModule = {
  create: ({ report, sourceCode }) => ({
    Program(node) {
      const { implicit } = sourceCode.scopeManager.globalScope as unknown as { implicit: { variables: { name: string }[] } };
      for (const { name } of implicit.variables) report({ node, message: name });
    },
  }),
};

const linter = new Linter();
const plugins = { packs: { rules: { 'writes-undeclared': writesUndeclared } } };
const config = [{ plugins, languageOptions: { sourceType: 'commonjs' as const, ecmaVersion: 2024 as const }, rules: { 'packs/writes-undeclared': 'error' as const } }];
/** What cannot be read as a file of the old form is a module. */
const writesIn = (text: string): string[] => linter.verify(text, config, { allowInlineConfig: false }).filter(({ fatal }) => !fatal).map(({ message }) => message);

export async function run(): Promise<void> {
  if (writesIn('a = 1').join() !== 'a') throw new Error('What is looked for is not found where it is.');
  const files = new Set(readdirSync(PACKS).filter((name) => !name.startsWith('lock.'))
    .flatMap((name) => readFileSync(join(PACKS, name, 'atlas-inputs'), 'utf8').split('\n').map((line) => line.slice(line.indexOf('\t') + 1))).filter((file) => file.endsWith('.js')));
  if (files.size === 0) throw new Error('There is no pack: start Atlas once.');
  let [looked, found] = [0, 0];
  for (const file of files) {
    const text = readFileSync(join(ROOT, file), 'utf8');
    if (/^(\s|\/\/.*|\/\*[\s\S]*?\*\/|;)*['"]use strict['"]/.test(text) || /^(import|export)\b/m.test(text)) continue;
    looked += 1;
    if (looked % SAY_EVERY === 0) process.stdout.write(`  ${looked} files\n`);
    for (const name of writesIn(text)) {
      found += 1;
      process.stdout.write(`${file} writes to ${name}\n`);
    }
  }
  process.stdout.write(`${looked} files of the old form in ${files.size} that are bundled: ${found} write to what they never declared\n`);
  if (found > 0) process.exitCode = 1;
}
