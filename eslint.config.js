/** `npm run lint`: the code, and the API's schema. Rules of form are left to the reader; these are about faults. */
import { existsSync, readFileSync } from 'node:fs';
import js from '@eslint/js';
import graphql from '@graphql-eslint/eslint-plugin';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { noEnvironment, noHomemadeLoop } from './test/lint/code-rules.js';
import { mutationShape, noTypenamePrefix, nullableRoots, typesWithoutIdentity } from './test/lint/graph-rules.js';

const API = 'schema/api.graphql';
const TESTS = ['test/**', '**/*.test.ts', '**/*.contract.ts'];

const code = {
  files: ['**/*.ts'],
  extends: [js.configs.recommended, tseslint.configs.recommendedTypeChecked],
  languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  linterOptions: { reportUnusedDisableDirectives: 'error' },
  plugins: { atlas: { rules: { 'no-homemade-loop': noHomemadeLoop, 'no-environment': noEnvironment } } },
  rules: {
    'atlas/no-homemade-loop': 'error',
    'atlas/no-environment': 'error',
    'no-console': 'error',
    'no-restricted-imports': ['error', { paths: [{ name: 'node:async_hooks', importNames: ['AsyncLocalStorage'], message: 'What goes along with calls goes by along() of platform/along.ts.' }] }],
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
    '@typescript-eslint/no-floating-promises': 'error',
    '@typescript-eslint/switch-exhaustiveness-check': 'error',
    '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
    // These find form, not faults: a text that stands for a library's enum, a cast that a library's loose types ask for, `Function` where a library says it, a port's
    // method that is handed on, `any` where variance leaves no other word. What comes of an `any` is caught by no-unsafe-*.
    '@typescript-eslint/no-unnecessary-type-assertion': 'off',
    '@typescript-eslint/no-unsafe-function-type': 'off',
    '@typescript-eslint/unbound-method': 'off',
    '@typescript-eslint/no-unsafe-enum-comparison': 'off',
    '@typescript-eslint/no-explicit-any': 'off',
    // tsc says it, and knows of `_unused`.
    '@typescript-eslint/no-unused-vars': 'off',
    // A port's method is asynchronous because another adapter needs it to be.
    '@typescript-eslint/require-await': 'off',
    // Numbers in sentences are wanted; objects in them are not.
    '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true, allowNever: true }],
  },
};

const tests = {
  files: TESTS,
  rules: {
    'atlas/no-homemade-loop': 'off',
    'atlas/no-environment': 'off',
    'no-restricted-imports': 'off',
    // A test that fails elsewhere fails; nobody's request hangs on it.
    '@typescript-eslint/no-misused-promises': 'off',
    // What a graph answered is looked into by the assertion itself, which fails when it is not there.
    '@typescript-eslint/no-unsafe-argument': 'off',
    '@typescript-eslint/no-unsafe-assignment': 'off',
    '@typescript-eslint/no-unsafe-call': 'off',
    '@typescript-eslint/no-unsafe-member-access': 'off',
    '@typescript-eslint/no-unsafe-return': 'off',
  },
};

const sdl = existsSync(API) ? readFileSync(API, 'utf8') : '';
const api = {
  files: [API],
  languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: API } } },
  plugins: { '@graphql-eslint': graphql, atlas: { rules: { 'nullable-roots': nullableRoots, 'mutation-shape': mutationShape, 'no-typename-prefix': noTypenamePrefix } } },
  rules: {
    ...graphql.configs['flat/schema-recommended'].rules,
    ...graphql.configs['flat/schema-relay'].rules,
    // Lists go forward only: a keyset cursor knows what comes after it.
    '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
    // A list may hold things without an id of their own (members, hits); connections offer `nodes` beside `edges`.
    '@graphql-eslint/relay-edge-types': ['error', { shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false }],
    // Only what implements Node has an id.
    '@graphql-eslint/strict-id-in-types': ['error', { exceptions: { types: typesWithoutIdentity(sdl) } }],
    '@graphql-eslint/require-description': ['error', { types: true, FieldDefinition: true, InputValueDefinition: true, EnumValueDefinition: true, DirectiveDefinition: true, rootField: true }],
    '@graphql-eslint/no-typename-prefix': 'off',
    'atlas/no-typename-prefix': 'error',
    'atlas/nullable-roots': 'error',
    'atlas/mutation-shape': 'error',
  },
};

export default defineConfig([
  globalIgnores(['**/node_modules/', 'dist/', '.atlas/', 'coverage/', 'clients/typescript/generated/', 'clients/web/']),
  code,
  { files: ['platform/loop.ts'], rules: { 'atlas/no-homemade-loop': 'off' } },
  { files: ['platform/config.ts'], rules: { 'atlas/no-environment': 'off' } },
  tests,
  api,
]);
