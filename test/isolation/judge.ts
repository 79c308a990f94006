/** What an answer must not say, and what it must have done. */
import { maskOf, type Answer, type Ask, type Question } from './asking.ts';
import { wordsIn, type Place } from './canaries.ts';
import { mayRead, type Principal } from './rights.ts';
import type { World } from './world.ts';

/** One thing that somebody does, and what has to come of it. */
export interface Act extends Question {
  field: string;
  by: Principal;
  /** Whether it is done, or something is seen; left out where both are right. */
  expects?: boolean | undefined;
  /** Waited for before it is done. */
  ready?: (() => Promise<void>) | undefined;
  /** What the caller may not know of, and something that there is not: both must get the same answer. */
  hidden?: readonly [word: string, nothing: string] | undefined;
  /** The answer shows the audit trail. */
  trail?: boolean;
  /** The answer shows what waits for the caller to decide. */
  decides?: boolean;
  /** What is otherwise now that it was done. */
  effect?(payload: any, world: World): void | Promise<void>;
}

/** What somebody may know of a text: nothing of what is not theirs to read, unless they said it themselves. */
export function leaksIn(world: World, by: Principal, text: string, act: { variables?: unknown; trail?: boolean; decides?: boolean } = {}): string[] {
  const said = new Set(wordsIn(act.variables ?? ''));
  return world.canaries.in(text).filter(({ word }) => !said.has(word))
    .filter(({ places }) => !places.some((place) => mayRead(by, place, world.tenants, act.trail ?? false, act.decides)))
    .map(({ word, places }) => `${word} of ${places.map(nameOf).join(', ')}`);
}
const nameOf = (place: Place): string => {
  if ('attachment' in place) return `${place.in} ${place.attachment.id}`;
  if ('upload' in place) return `${place.in} ${place.upload.id}`;
  if ('conversation' in place) return `${place.in} ${place.conversation.id}`;
  if ('saved' in place) return `${place.in} ${place.saved.id}`;
  if ('job' in place) return `${place.in} ${place.job.id}`;
  if ('item' in place) return `${place.in} ${place.item.id}`;
  if ('collection' in place) return `${place.in} ${place.collection.id}`;
  if ('person' in place) return `${place.in} ${place.person.id}`;
  return 'from' in place ? `link from ${place.from.id}` : `${place.in} ${place.tenant.id}`;
};

/** Whether it was done, or something was seen. */
export function isDone({ field }: Pick<Act, 'field'>, { body }: Answer): boolean {
  const shown = body.data?.[field.split('.')[1]!] as { userErrors?: unknown[] } | null | undefined;
  return shown != null && (shown.userErrors?.length ?? 0) === 0;
}

/** What is wrong with an answer besides what it shows. */
export async function faultsOf(act: Act, answer: Answer, ask: Ask): Promise<string[]> {
  const faults: string[] = [];
  const code = answer.body.errors?.[0]?.extensions.code;
  if (answer.status >= 500 || code === 'INTERNAL') faults.push(`fails: ${answer.body.errors?.[0]?.message}`);
  if (act.hidden) {
    const [word, nothing] = act.hidden;
    const swap = (value: unknown): any => JSON.parse(JSON.stringify(value ?? {}).replaceAll(word, nothing));
    const other = await ask(act.by, { ...act, variables: swap(act.variables), idempotencyKey: undefined });
    // Both words in both: what may be seen can name what may not.
    const [shown, twin] = [answer.text, other.text].map((text) => maskOf(text, word, nothing));
    if (shown !== twin) faults.push(`tells ${word} from what there is not:\n${shown}\n---\n${twin}`);
  }
  return faults;
}
