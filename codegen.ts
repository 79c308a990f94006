/**
 * `npm run codegen` makes the types of the TypeScript client from schema/api.graphql and from the client's documents.
 * What it writes is committed, and `npm run codegen:check` fails when that is not what the schema says. It reads
 * the API and not the supergraph, because a client can ask for nothing that only the services see.
 */
import type { CodegenConfig } from '@graphql-codegen/cli';

/** Exact numbers and times stay the text they are on the wire: the client decides what to make of them. */
const scalars = {
  ID: 'string',
  DateTime: 'string',
  Decimal: 'string',
  JSON: 'unknown',
};

const config: CodegenConfig = {
  schema: 'schema/api.graphql',
  documents: ['clients/typescript/documents/**/*.{graphql,ts}'],
  generates: {
    'clients/typescript/generated/': {
      preset: 'client',
      plugins: [{ add: { content: '// Made by `npm run codegen`. Do not edit it: change the documents and run that again.' } }],
      // A client's user reads what it asked for, without a call that uncovers it first.
      presetConfig: {
        fragmentMasking: false,
        // The documents by their hash, which the gateway trusts: it answers them by id, and a key may be held to them.
        persistedDocuments: { hashAlgorithm: 'sha256' },
      },
      config: {
        scalars,
        strictScalars: true,
        defaultScalarType: 'unknown',
        // The values by name, and their union as type: both are plain JavaScript when the types are gone.
        enumType: 'const',
        // Plain text that remembers its types: the client needs no GraphQL library at run time, and diffs can be read.
        documentMode: 'string',
        useTypeImports: true,
        importExtension: '.ts',
      },
    },
  },
};
export default config;
