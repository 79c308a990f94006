/**
 * Whoever may not see the schema does not learn it by guessing: "Did you mean …" names fields, types and values that were
 * not asked for. Every such hint of the GraphQL library ends its message, so the message ends where the first hint begins.
 */
const HINT = /\s*\bDid you mean\b/i;

export function withoutSuggestions(message: string): string {
  const at = message.search(HINT);
  return at < 0 ? message : message.slice(0, at);
}
