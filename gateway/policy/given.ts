/** What a request gave for an argument, before anything is coerced: written out, by variable, or by the variable's default. */
import { Kind, valueFromASTUntyped, type FieldNode, type SelectionNode, type ValueNode } from 'graphql';

export interface Given {
  variables: Readonly<Record<string, unknown>>;
  /** What the operation's variables are when they are not given. */
  defaults: ReadonlyMap<string, ValueNode | undefined>;
}

function resolved(value: ValueNode | undefined, { variables, defaults }: Given): unknown {
  if (!value) return undefined;
  if (value.kind !== Kind.VARIABLE) return valueFromASTUntyped(value, variables);
  const given = variables[value.name.value];
  if (given !== undefined) return given;
  const otherwise = defaults.get(value.name.value);
  return otherwise && valueFromASTUntyped(otherwise);
}

/** Undefined when it was not given. */
export const valueGiven = (field: FieldNode, name: string, given: Given): unknown => resolved(field.arguments?.find((argument) => argument.name.value === name)?.value, given);

/** How long a list was given; null when none was. A single value stands for a list of itself. */
export function listGiven(field: FieldNode, name: string, given: Given): number | null {
  const value = valueGiven(field, name, given);
  return value == null ? null : Array.isArray(value) ? value.length : 1;
}

/** By `@skip` and `@include`. */
export function isIncluded(selection: SelectionNode, given: Given): boolean {
  return (selection.directives ?? []).every(({ name, arguments: args }) => {
    if (name.value !== 'skip' && name.value !== 'include') return true;
    const condition = resolved(args?.find((argument) => argument.name.value === 'if')?.value, given);
    return typeof condition !== 'boolean' || condition === (name.value === 'include');
  });
}
