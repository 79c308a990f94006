/** Several models, asked one after the other until one has begun to answer. */
import { compare, decimal, ZERO } from '../../../../platform/decimal.ts';
import { AtlasError } from '../../../../platform/errors.ts';
import type { Model, Models, Price, Prompt, Said, Speaker } from '../../domain/models.ts';

export function inOrder(models: readonly Model[], notes: { passedOver(model: string, cause: unknown): void }): Models {
  return {
    names: models.map(({ name }) => name),
    dearest: dearestOf(models.map(({ price }) => price)),
    ofLanguage: models.filter(({ quotes }) => !quotes).map(({ name }) => name),
    say: (prompt, signal, first) => firstThatAnswers([...models.filter(({ name }) => name === first), ...models.filter(({ name }) => name !== first)], prompt, signal, notes),
  };
}

/** Of those prices the highest of each kind. */
function dearestOf(prices: readonly Price[]): Price {
  const most = (of: 'input' | 'output'): string => prices.map((price) => decimal(price[of])).reduce((one, other) => (compare(one, other) >= 0 ? one : other), ZERO);
  return { input: most('input'), output: most('output'), currency: 'USD' };
}

async function* firstThatAnswers(models: readonly Model[], prompt: Prompt, signal: AbortSignal, notes: { passedOver(model: string, cause: unknown): void }): AsyncIterable<Speaker | Said> {
  let last: unknown = new AtlasError('MODEL_UNAVAILABLE');
  for (const { name, price, say } of models) {
    let hasBegun = false;
    try {
      for await (const one of say(prompt, signal)) {
        if (!hasBegun) yield { kind: 'speaker', model: name, price };
        hasBegun = true;
        yield one;
      }
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (hasBegun) throw error;
      notes.passedOver(name, error);
      last = error;
    }
  }
  throw last;
}
