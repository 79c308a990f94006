import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pages } from '../docs/publish.ts';
import { SUBGRAPHS } from '../platform/names.ts';
import { ROOT } from '../schema/slices.ts';

describe('the docs', () => {
  it('hold the tables that the code has', async () => {
    for (const [page, text] of await pages()) expect([page, readFileSync(join(ROOT, 'docs', page), 'utf8')]).toEqual([page, text]);
  });

  it('lead nowhere that is not there', () => {
    const files = ['README.md', ...readdirSync(join(ROOT, 'docs'), { recursive: true }).map(String).filter((name) => name.endsWith('.md')).map((name) => join('docs', name))];
    const broken = files.flatMap((file) => [...readFileSync(join(ROOT, file), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)]
      .map(([, target]) => join(ROOT, dirname(file), target!)).filter((target) => !existsSync(target)).map((target) => `${file}: ${target}`));
    expect(files.length).toBeGreaterThan(10);
    expect(broken).toEqual([]);
  });

  it('name no file of the code that is gone', () => {
    const named = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md')).flatMap((name) =>
      [...readFileSync(join(ROOT, 'docs', name), 'utf8').matchAll(/`((?:platform|gateway|subgraphs|schema|test|clients|docker)\/[\w./-]+\.\w+)`/g)].map(([, path]) => path!));
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('say how each service is started by itself, and reached', () => {
    const said = readFileSync(join(ROOT, 'docs', 'running.md'), 'utf8');
    expect(SUBGRAPHS.filter((name) => !said.includes(`npx atlas ${name} `) || !said.includes(`# listens on ${name.toUpperCase()}_PORT`))).toEqual([]);
    const [, reached] = /npx atlas gateway .*by (.*)/.exec(said)!;
    expect(reached!.split(/, | and /)).toEqual(SUBGRAPHS.map((name) => `${name.toUpperCase()}_URL`));
  });

  it('README fits a screen or two', () => {
    expect(readFileSync(join(ROOT, 'README.md'), 'utf8').split('\n').length).toBeLessThan(80);
  });
});
