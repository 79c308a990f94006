/**
 * Sees who is refused, wherever it happens: when somebody says who they are, before anything runs, and in answers, where
 * what the services refuse comes back beside what the gateway withholds. Of what is allowed it only sees that it is.
 */
import { getNamedType, Kind, type GraphQLFormattedError, type SelectionSetNode } from 'graphql';
import { AtlasError } from '../platform/errors.ts';
import { anonymous, type Viewer } from '../platform/viewer.ts';
import { requestInfo } from '../platform/request.ts';
import { isDenial, type Denials } from './denials.ts';
import type { Admit } from './edge/admit.ts';
import type { Answer, Asked, Executor, Prepared } from './executor.ts';
import { ForeignPlace, type Authenticate } from './policy/authenticate.ts';

export interface Noting {
  authenticate(authenticate: Authenticate): Authenticate;
  admit(admit: Admit): Admit;
  executor<Engine extends Executor>(executor: Engine): Engine;
}

export function notingWith(denials: Denials): Noting {
  const refused = (viewer: Viewer, address: string | null, error: unknown): never => {
    if (error instanceof AtlasError) denials.note(viewer, address, { code: error.code, missing: error.missing });
    throw error;
  };
  const look = <Some extends Pick<Answer<unknown>, 'errors'>>(prepared: Prepared, { caller: { viewer } }: Asked, answer: Some): Some => {
    for (const error of answer.errors ? firstOfEach(prepared, viewer, answer.errors) : []) denials.note(viewer, requestInfo()?.address ?? null, error);
    return answer;
  };

  return {
    authenticate: (authenticate) => (credentials) => authenticate(credentials).catch((error: unknown) => {
      if (isExpiry(error)) throw error;
      return refused(error instanceof ForeignPlace ? { ...anonymous, kind: 'key', id: error.key.keyId, tenantId: error.key.tenantId } : anonymous, credentials.address, error);
    }),
    admit: (admit) => (question, viewer, address, ...more) => admit(question, viewer, address, ...more).catch((error: unknown) => refused(viewer, address, error)),
    executor: (executor) => ({
      ...executor,
      answer: (prepared: Prepared, asked: Asked) => executor.answer(prepared, asked).then((answer) => look(prepared, asked, answer)),
      answerInParts: (prepared: Prepared, asked: Asked) => watched(executor.answerInParts(prepared, asked), 'all', (part) => {
        for (const each of 'answer' in part ? [part.answer] : part.parts) look(prepared, asked, each);
      }),
      follow: (prepared: Prepared, asked: Asked, signal: AbortSignal) => watched(executor.follow(prepared, asked, signal), 'first', (first) => void look(prepared, asked, first)),
    }),
  };
}

/**
 * Passes calls on as they come: what waits for the next must still be ended from outside, which a generator around it
 * would not let through. Whoever may not follow is told so in the first answer; those that come after it pass untouched.
 */
const watched = <Each>(all: AsyncIterable<Each>, which: 'first' | 'all', see: (each: Each) => void): AsyncIterable<Each> => ({
  [Symbol.asyncIterator]() {
    const each = all[Symbol.asyncIterator]();
    let looks = true;
    return {
      next() {
        if (!looks) return each.next();
        looks = which === 'all';
        return each.next().then((result) => { if (!result.done) see(result.value); return result; });
      },
      return: async (value?: unknown) => await each.return?.(value) ?? { done: true, value: undefined },
    };
  },
});

interface Refused { code: string; missing?: string; field: string | null }

/** A list of a hundred with the same field refused in each is one refusal. A stranger who needs to sign in was refused nothing. */
function firstOfEach(prepared: Prepared, viewer: Viewer, errors: readonly GraphQLFormattedError[]): Refused[] {
  const found = new Map<string, Refused>();
  for (const { path, extensions } of errors) {
    const { code, missing } = (extensions ?? {}) as { code?: string; missing?: string };
    if (!code || !isDenial(code) || (viewer.kind === 'anonymous' && code === 'UNAUTHENTICATED')) continue;
    const field = path ? fieldAt(prepared, path) : null;
    found.set(`${code} ${missing} ${field}`, { code, field, ...(missing !== undefined && { missing }) });
  }
  return [...found.values()];
}

/** `Type.field` of an answer's path: the path itself is in words that the client chose. */
function fieldAt({ document, operation, schema }: Prepared, path: readonly (string | number)[]): string | null {
  const fragments = new Map(document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])));
  const within = (typeName: string, set: SelectionSetNode, key: string): { field: string; type: string; set: SelectionSetNode | undefined } | null => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        if ((selection.alias ?? selection.name).value !== key) continue;
        const type = schema.getType(typeName);
        const field = type && 'getFields' in type ? type.getFields()[selection.name.value] : undefined;
        return field ? { field: `${typeName}.${field.name}`, type: getNamedType(field.type).name, set: selection.selectionSet } : null;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      const found = fragment ? within(fragment.typeCondition?.name.value ?? typeName, fragment.selectionSet, key) : null;
      if (found) return found;
    }
    return null;
  };
  let at: ReturnType<typeof within> = { field: '', type: schema.getRootType(operation.operation)!.name, set: operation.selectionSet };
  for (const key of path) if (typeof key === 'string' && at?.set) at = within(at.type, at.set, key);
  return at?.field || null;
}

/** Every access token expires, and whoever holds it gets a new one: nobody is refused anything. */
const isExpiry = (error: unknown): boolean => error instanceof AtlasError && (error.cause as { code?: string } | undefined)?.code === 'ERR_JWT_EXPIRED';
