/**
 * Who may import whom (`npm run rules`). test/rules.test.ts plants a breach of every rule and sees that exactly that rule
 * finds it; a rule without a planted breach fails the test. Imports of types count like all others, because what is
 * known is known; tests may import anything.
 */
const TESTS = ['^test/', '\\.test\\.ts$', '\\.contract\\.ts$', '-trial\\.ts$'];
const ENTRIES = ['^atlas\\.ts$', '^(schema|docs)/publish\\.ts$', '^schema/breaking\\.ts$', '^clients/typescript/index\\.ts$', '^docker/'];
const SERVICE = '^subgraphs/([^/]+)';
const FLOORS = '(domain|application|infrastructure|presentation)/';
const ground = (...names) => `^platform/(${names.join('|')})\\.ts$`;

/** Whose events a service may know: contracts form no ring, data flows down. */
const HEARS = {
  users: [],
  tenants: ['users'],
  billing: ['tenants', 'users'],
  collections: ['tenants', 'users'],
  search: ['collections', 'tenants', 'users'],
  ai: ['collections', 'tenants', 'users'],
};

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const floors = [
  rule('domain-knows-itself', 'The domain imports itself, its own event contract and six files of the platform; no library, not even one of Node.',
    { path: `${SERVICE}/domain/`, pathNot: TESTS },
    { pathNot: ['^subgraphs/$1/domain/', '^subgraphs/$1/events\\.ts$', ground('aggregate', 'decimal', 'errors', 'event', 'ids', 'text')] }),
  rule('application-knows-the-domain', 'A use case imports other use cases, its domain, event contracts and what the platform says about work; no library. What else it needs is a port of the domain.',
    { path: `${SERVICE}/application/`, pathNot: TESTS },
    { pathNot: ['^subgraphs/$1/(application|domain)/', '^subgraphs/[^/]+/events\\.ts$', ground('work', 'decimal', 'errors', 'viewer', 'event', 'ids', 'text', 'outbox/inbox', 'outbox/together', 'jobs/jobs')] }),
  rule('infrastructure-serves-the-domain', 'An adapter knows the port it implements, neither who uses it nor who is shown it.',
    { path: `${SERVICE}/infrastructure/`, pathNot: TESTS }, { path: '^subgraphs/$1/(application|presentation)/' }),
  rule('presentation-without-infrastructure', 'What is shown does not depend on where it is kept: resolvers get use cases, index.ts wires them.',
    { path: `${SERVICE}/presentation/`, pathNot: TESTS }, { path: '^subgraphs/$1/infrastructure/' }),
  rule('only-index-sees-all-floors', 'The floors of a service meet in its index.ts, or in the parts of it that stand beside, and nowhere else.',
    { path: `${SERVICE}/[^/]+$`, pathNot: [...TESTS, '/(index|index\\.answers|index\\.audit|index\\.engines|index\\.files|index\\.jobs|index\\.meter|index\\.stripe|index\\.webhooks|events)\\.ts$'] }, { path: `^subgraphs/[^/]+/${FLOORS}` }),
  rule('index-is-the-top', 'The entry of a service is imported by what starts it, never by what it is made of.',
    { path: `${SERVICE}/(presentation|infrastructure)/`, pathNot: TESTS }, { path: '^subgraphs/$1/index\\.ts$' }),
];

const services = [
  rule('neighbours-see-events', 'Of another service only events.ts may be imported; for anything else ask its graph.',
    { path: `${SERVICE}/(?!domain/|application/|events\\.ts$)`, pathNot: TESTS }, { path: '^subgraphs/', pathNot: ['^subgraphs/$1/', '^subgraphs/[^/]+/events\\.ts$'] }),
  rule('contracts-stand-alone', 'An event contract imports how events and ids look, and nothing else: whoever reads it must not get more.',
    { path: '^subgraphs/[^/]+/events\\.ts$' }, { pathNot: ground('event', 'ids') }),
  ...Object.entries(HEARS).map(([name, upstream]) => rule(`${name}-hears`, `The ${name} service may know the events of ${upstream.join(', ') || 'no other'}: contracts form no ring.`,
    { path: `^subgraphs/${name}/(?!domain/|events\\.ts$)`, pathNot: TESTS }, { path: '^subgraphs/[^/]+/events\\.ts$', pathNot: [name, ...upstream].map((one) => `^subgraphs/${one}/`) })),
];

const whole = [
  rule('gateway-knows-no-subgraph', 'The gateway reaches subgraphs by their graphs.', { path: '^gateway/', pathNot: TESTS }, { path: '^subgraphs/' }),
  rule('clients-stand-alone', 'A client knows the API and nothing behind it.', { path: '^clients/', pathNot: TESTS }, { path: '^(platform|gateway|subgraphs|schema|docs|test)/|^atlas\\.ts$' }),
  rule('platform-is-the-ground', 'The platform knows nobody who stands on it.', { path: '^platform/', pathNot: TESTS }, { path: '^(gateway|subgraphs|clients)/|^atlas\\.ts$' }),
  rule('atlas-only-starts', 'The entry knows the platform and the index.ts of what it starts; the gateway has a second way in, for when it runs alone.',
    { path: '^atlas\\.ts$' }, { pathNot: ['^platform/', '^(subgraphs/[^/]+|gateway)/index\\.ts$', '^gateway/alone\\.ts$'] }),
  rule('nothing-runs-on-tools', 'What runs needs neither tools nor tests: they may be absent where it runs.',
    { path: '^(platform|gateway|subgraphs/[^/]+/(index|infrastructure|presentation))', pathNot: TESTS }, { path: [...TESTS, '^(schema|docs)/'] }),
  rule('no-packages-of-tools', 'What runs is installed without devDependencies; types may come from them.',
    { path: '^(platform|gateway|subgraphs)/', pathNot: TESTS }, { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] }),
  rule('declared-packages', 'A package that is imported stands in package.json: hoisting is no promise.',
    {}, { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] }),
  rule('kafkajs-in-one-file', 'The Kafka library has lost its keepers: one file knows it, so that another can take its place.',
    { pathNot: ['^platform/bus/kafka/client\\.ts$', '^node_modules/'] }, { path: 'node_modules/kafkajs/' }),
  rule('pg-boss-in-one-file', 'Whose turn it is, is said by tickets: one file knows the library that hands them out.',
    { pathNot: ['^platform/jobs/tickets\\.ts$', '^node_modules/', ...TESTS] }, { path: 'node_modules/pg-boss/' }),
  rule('found', 'Every import leads somewhere.', {}, { couldNotResolve: true }),
  rule('no-circles', 'Two files that need each other are one file, or three.', {}, { circular: true }),
  rule('no-dead-files', 'What neither the entry nor a tool reaches is dead: delete it.',
    { path: ENTRIES },
    { path: '^(platform|gateway|subgraphs|schema|docs|clients/typescript)/.*\\.ts$', pathNot: [...TESTS, ...ENTRIES, '/generated/', '^clients/typescript/documents/'], reachable: false }),
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [...floors, ...services, ...whole],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/', '^clients/web/', '^test/fixtures/', '^test/bench/peers/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
      extensions: ['.ts', '.mjs', '.js', '.cjs', '.json'],
    },
  },
};
