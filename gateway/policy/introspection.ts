/** Who may ask for the schema, and what they are shown of it. */
import { validate, type DocumentNode, type ExecutionResult, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { Settings } from '../../platform/config.ts';
import { AtlasError } from '../../platform/errors.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Requirement } from './requirements.ts';
import { answerIntrospection, introspects, visibleSchema } from './visible.ts';

type Read = { document: DocumentNode; operation: OperationDefinitionNode };

/** How the operation asks for the schema; refused where this caller is not shown it. */
export function introspection(settings: Pick<Settings, 'INTROSPECTION' | 'production'>, viewer: Viewer, { document, operation }: Read): 'no' | 'also' | 'only' {
  const asks = introspects(document, operation);
  if (asks === 'no') return asks;
  const shown = settings.INTROSPECTION ?? (settings.production ? 'callers' : 'on');
  if (shown === 'off' || (shown === 'callers' && viewer.kind === 'anonymous')) throw new AtlasError('INTROSPECTION_DISABLED');
  // The other fields run on the whole schema, of which a key sees a part.
  if (asks === 'also' && viewer.kind === 'key') throw new AtlasError('BAD_REQUEST', 'Ask for the schema in an operation of its own.');
  return asks;
}

/** The answer to an operation that asks for the schema alone. It is checked against the whole schema, as every document is. */
export function schemaAnswer(given: Read & { schema: GraphQLSchema; viewer: Viewer; requirements: ReadonlyMap<string, Requirement>; variables: Readonly<Record<string, unknown>> }): ExecutionResult {
  const { schema, viewer, requirements, document, operation, variables } = given;
  const [fault] = validate(schema, document);
  if (fault) throw new AtlasError('GRAPHQL_VALIDATION_FAILED', fault.message);
  const answer = answerIntrospection({ visible: visibleSchema(schema, viewer, requirements), document, operation, variables });
  // Without data nothing ran: a variable did not fit.
  if (answer.data === undefined) throw new AtlasError('BAD_USER_INPUT', answer.errors?.[0]?.message);
  return answer;
}
