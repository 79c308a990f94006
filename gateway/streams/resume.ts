/**
 * How a stream goes on after its subgraph was lost. A field that takes `after` and whose events carry a `cursor` is
 * asked for again from the last one: nothing is missed, nothing comes twice, the client notices nothing. For any other
 * there is no such way, and it ends with a code; see platform/reach/socket-reach.ts.
 */
import { getOperationAST, isNonNullType, Kind, parse, print, parseType, type ConstArgumentNode, type DocumentNode, type FieldNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { GraphAnswer, GraphRequest } from '../../platform/graph.ts';

type Resume = NonNullable<GraphRequest['resume']>;

const VARIABLE = 'resumeAfter';
const nameIn = ({ alias, name }: FieldNode): string => (alias ?? name).value;

/** Undefined when the subscription cannot be continued. */
export function resumeOf(schema: GraphQLSchema, request: GraphRequest): Resume | undefined {
  const document = parse(request.document, { noLocation: true });
  const operation = getOperationAST(document, request.operationName);
  const [field, more] = operation?.selectionSet.selections ?? [];
  if (!operation || field?.kind !== Kind.FIELD || more) return undefined;
  const after = schema.getSubscriptionType()?.getFields()[field.name.value]?.args.find(({ name }) => name === 'after');
  const cursor = field.selectionSet?.selections.find((each): each is FieldNode => each.kind === Kind.FIELD && each.name.value === 'cursor' && !each.directives?.length);
  if (!after || !cursor) return undefined;

  const { text, unused } = asking(document, operation, field, isNonNullType(after.type) ? String(after.type) : `${String(after.type)}!`);
  const { resume: _, ...rest } = request;
  const variables = { ...request.variables };
  if (unused) delete variables[unused];
  const resume: Resume = ({ data }: GraphAnswer) => {
    const at = (data?.[nameIn(field)] as Record<string, unknown> | null | undefined)?.[nameIn(cursor)];
    return typeof at === 'string' ? { ...rest, document: text, variables: { ...variables, [VARIABLE]: at }, resume } : null;
  };
  return resume;
}

/** The document with `after` as a variable of ours; the client's own, if there was one and nothing else uses it, is gone. */
function asking(document: DocumentNode, operation: OperationDefinitionNode, field: FieldNode, type: string): { text: string; unused: string | null } {
  const own = field.arguments?.find(({ name }) => name.value === 'after');
  const said = { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'after' }, value: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: VARIABLE } } } as unknown as ConstArgumentNode;
  const next: FieldNode = { ...field, arguments: [...(field.arguments ?? []).filter((each) => each !== own), said] };
  const selectionSet = { ...operation.selectionSet, selections: [next] };
  const rest = document.definitions.filter((each) => each !== operation).map(print).join('\n');
  const used = `${print(selectionSet)}\n${rest}`;
  const given = own?.value.kind === Kind.VARIABLE ? own.value.name.value : null;
  const unused = given !== null && !new RegExp(`\\$${given}\\b`).test(used) ? given : null;
  const variableDefinitions = [
    ...(operation.variableDefinitions ?? []).filter(({ variable }) => variable.name.value !== unused),
    { kind: Kind.VARIABLE_DEFINITION, variable: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: VARIABLE } }, type: parseType(type) } as const,
  ];
  return { text: `${print({ ...operation, variableDefinitions, selectionSet })}\n${rest}`, unused };
}
