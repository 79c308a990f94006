/**
 * A tiny Atlas in a folder of its own, in which every rule of .dependency-cruiser.cjs is broken at least once. Each
 * planted file breaks one rule and no other; beside them stand files that do what the rules allow.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const value = (from: string, n = 0) => `import { x as x${n} } from '${from}';\nexport const y${n} = x${n};\n`;
const type = (from: string) => `import type { X } from '${from}';\nexport type Y = X;\n`;

/** Rule → planted file → its text. */
export const BREACHES: Record<string, Record<string, string>> = {
  'domain-knows-itself': {
    'subgraphs/users/domain/asks-node.ts': `import { randomBytes } from 'node:crypto';\nexport const y = randomBytes;\n`,
    'subgraphs/users/domain/has-library.ts': value('running'),
    'subgraphs/users/domain/sees-money.ts': type('../../../platform/money.ts'),
    'subgraphs/users/domain/sees-application.ts': type('../application/verb.ts'),
    'subgraphs/users/domain/sees-presentation.ts': type('../presentation/shown.ts'),
    'subgraphs/users/domain/sees-work.ts': type('../../../platform/work.ts'),
    'subgraphs/tenants/domain/hears.ts': type('../../users/events.ts'),
  },
  'application-knows-the-domain': {
    'subgraphs/users/application/asks-node.ts': `import { readFileSync } from 'node:fs';\nexport const y = readFileSync;\n`,
    'subgraphs/users/application/has-library.ts': type('running'),
    'subgraphs/users/application/sees-presentation.ts': type('../presentation/shown.ts'),
    'subgraphs/users/application/sees-infrastructure.ts': value('../infrastructure/kept.ts'),
    'subgraphs/users/application/sees-page.ts': type('../../../platform/page.ts'),
    'subgraphs/tenants/application/sees-neighbour.ts': type('../../users/domain/thing.ts'),
  },
  'infrastructure-serves-the-domain': {
    'subgraphs/users/infrastructure/sees-application.ts': type('../application/verb.ts'),
    'subgraphs/users/infrastructure/sees-presentation.ts': value('../presentation/shown.ts'),
  },
  'presentation-without-infrastructure': { 'subgraphs/users/presentation/sees-infrastructure.ts': type('../infrastructure/kept.ts') },
  'only-index-sees-all-floors': { 'subgraphs/users/wiring.ts': value('./domain/thing.ts') },
  'index-is-the-top': {
    'subgraphs/users/presentation/sees-index.ts': type('../index.ts'),
    'subgraphs/users/infrastructure/sees-index.ts': value('../index.ts'),
  },
  'neighbours-see-events': {
    'subgraphs/tenants/infrastructure/sees-neighbour.ts': type('../../users/domain/thing.ts'),
    'subgraphs/tenants/presentation/sees-neighbour.ts': value('../../users/index.ts'),
  },
  'contracts-stand-alone': { 'subgraphs/users/events.ts': type('../../platform/errors.ts') + value('../../platform/event.ts', 1) },
  'users-hears': { 'subgraphs/users/application/on-tenant.ts': type('../../tenants/events.ts') },
  'tenants-hears': { 'subgraphs/tenants/application/on-invoice.ts': value('../../billing/events.ts') },
  'billing-hears': { 'subgraphs/billing/application/on-item.ts': value('../../collections/events.ts') },
  'collections-hears': { 'subgraphs/collections/application/on-indexed.ts': value('../../search/events.ts') },
  'search-hears': { 'subgraphs/search/infrastructure/on-answer.ts': type('../../ai/events.ts') },
  'ai-hears': { 'subgraphs/ai/application/on-invoice.ts': value('../../billing/events.ts') },
  'gateway-knows-no-subgraph': { 'gateway/sees-contract.ts': type('../subgraphs/users/events.ts') },
  'clients-stand-alone': { 'clients/typescript/sees-platform.ts': type('../../platform/errors.ts') },
  'platform-is-the-ground': {
    'platform/sees-gateway.ts': type('../gateway/index.ts'),
    'platform/sees-subgraph.ts': type('../subgraphs/users/events.ts'),
  },
  'atlas-only-starts': { 'atlas.ts': value('./platform/work.ts') + value('./subgraphs/users/index.ts', 1) + value('./gateway/deep.ts', 2) },
  'nothing-runs-on-tools': {
    'gateway/sees-kit.ts': value('../test/kit/kit.ts'),
    'platform/sees-tools.ts': value('../schema/publish.ts'),
    'subgraphs/users/infrastructure/sees-contract.ts': value('../../../platform/bus.contract.ts'),
  },
  'no-packages-of-tools': { 'gateway/has-tool.ts': value('tool') },
  'declared-packages': { 'gateway/has-stray.ts': value('stray') },
  'kafkajs-in-one-file': { 'platform/bus/also.ts': value('kafkajs') },
  'pg-boss-in-one-file': { 'platform/jobs/also.ts': value('pg-boss') },
  found: { 'gateway/lost.ts': value('./nowhere.ts') },
  'no-circles': { 'platform/left.ts': type('./right.ts') + 'export type X = Y;\n' },
  'no-dead-files': { 'platform/forgotten.ts': value('./event.ts') },
};

const plain = 'export const x = 1;\nexport type X = number;\n';
/** What the rules allow. */
const ALLOWED: Record<string, string> = {
  ...Object.fromEntries(['aggregate', 'decimal', 'errors', 'event', 'ids', 'work', 'viewer', 'page', 'money', 'bus.contract'].map((name) => [`platform/${name}.ts`, plain])),
  ...Object.fromEntries(['tenants', 'billing', 'collections', 'search', 'ai'].map((name) => [`subgraphs/${name}/events.ts`, `${value('../../platform/event.ts')}${plain}`])),
  // A circle is told once, at its first file.
  'platform/right.ts': type('./left.ts') + 'export type X = Y;\n',
  'gateway/index.ts': plain,
  'gateway/deep.ts': `${value('../platform/errors.ts')}import type { X as T } from 'tool';\nexport type Z = T;\n${plain}`,
  'clients/typescript/index.ts': plain,
  'schema/publish.ts': `${value('../subgraphs/users/index.ts')}${plain}`,
  'subgraphs/users/domain/thing.ts': `${value('../events.ts')}${value('../../../platform/ids.ts', 1)}${value('../../../platform/decimal.ts', 2)}${plain}`,
  'subgraphs/users/application/verb.ts': `${value('../domain/thing.ts')}${type('../../../platform/work.ts')}${plain}`,
  'subgraphs/users/infrastructure/kept.ts': `${value('../domain/thing.ts')}${value('running', 1)}${plain}`,
  'subgraphs/users/presentation/shown.ts': `${value('../application/verb.ts')}${value('running', 1)}${plain}`,
  'subgraphs/users/index.ts': `${['domain/thing', 'application/verb', 'infrastructure/kept', 'presentation/shown', 'events'].map((name, n) => value(`./${name}.ts`, n)).join('')}${plain}`,
  'subgraphs/tenants/application/on-user.ts': `${value('../../users/events.ts')}${plain}`,
  'subgraphs/search/application/on-item.ts': `${value('../../collections/events.ts')}${value('../../tenants/events.ts', 1)}${plain}`,
  'subgraphs/users/users.test.ts': `${value('../tenants/domain/hears.ts')}${value('tool', 1)}${value('./infrastructure/kept.ts', 2)}`,
  'test/kit/kit.ts': `${value('../../gateway/deep.ts')}${plain}`,
};

const NOT_REACHED = ['platform/forgotten.ts', 'docker/all.ts'];

export function plantTree(root: string): void {
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  const files = { ...ALLOWED, ...Object.assign({}, ...Object.values(BREACHES)) as Record<string, string> };
  // An entry without rules reaches everything, so that only what is meant to be dead is dead.
  const reached = Object.keys(files).filter((file) => !NOT_REACHED.includes(file) && !file.endsWith('.test.ts'));
  files['docker/all.ts'] = reached.map((file) => `import '../${file}';`).join('\n');
  for (const [file, text] of Object.entries(files)) write(file, text);
  for (const name of ['running', 'tool', 'stray', 'kafkajs', 'pg-boss']) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    write(`node_modules/${name}/index.js`, 'exports.x = 1;\n');
  }
  write('package.json', JSON.stringify({ name: 'planted', type: 'module', dependencies: { running: '1.0.0', kafkajs: '1.0.0', 'pg-boss': '1.0.0' }, devDependencies: { tool: '1.0.0' } }));
  write('tsconfig.json', JSON.stringify({ compilerOptions: { target: 'ES2023', module: 'NodeNext', moduleResolution: 'NodeNext', allowImportingTsExtensions: true, noEmit: true } }));
}
