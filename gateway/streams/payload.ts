/** An answer as the text that every transport carries. */
import { spoken } from '../edge/mask.ts';
import type { Answer, JsonText } from '../executor.ts';
import type { CostExtension } from '../policy/spent.ts';

/** Open at its end: what an event has cost is known when it is delivered. */
export function bodyOf({ data, errors }: Answer<JsonText>): string {
  const parts: string[] = [];
  if (data !== undefined) parts.push(`"data":${data ? data.text : 'null'}`);
  if (errors?.length) parts.push(`"errors":${JSON.stringify(errors.map((error) => ({ ...error, message: spoken(error.extensions?.code, error.message) })))}`);
  return `{${parts.join(',')}`;
}

export function payload(body: string, cost: CostExtension | null, more: { write?: string } = {}): string {
  const extensions = { ...(cost && { cost }), ...more };
  return Object.keys(extensions).length > 0 ? `${body}${body === '{' ? '' : ','}"extensions":${JSON.stringify(extensions)}}` : `${body}}`;
}
