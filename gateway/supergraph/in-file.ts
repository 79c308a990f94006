/** What is wrong with a file is said with its name, and with the line where that is known. */
import { GraphQLError } from 'graphql';

export async function inFile<T>(file: string, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (cause) {
    throw new Error(`${file}${lineOf(cause)}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function lineOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const line = at instanceof GraphQLError ? at.locations?.[0]?.line : undefined;
    if (line !== undefined) return `:${line}`;
  }
  return '';
}
