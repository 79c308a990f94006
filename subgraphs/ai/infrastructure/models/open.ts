/** The models that settings name, in their order, each with its price. */
import { readFileSync } from 'node:fs';
import type { Analyzer, Model, Models, Price } from '../../domain/models.ts';
import { anthropicModel } from './anthropic.ts';
import { inOrder } from './in-order.ts';
import { localModel } from './local.ts';
import { openAiModel } from './openai.ts';
import { patient } from './patient.ts';

export interface ModelSettings {
  OPENAI_BASE_URL?: string | undefined; OPENAI_API_KEY?: string | undefined; OPENAI_MODEL?: string | undefined; OPENAI_PRICE?: readonly [string, string] | undefined;
  ANTHROPIC_BASE_URL?: string | undefined; ANTHROPIC_API_KEY?: string | undefined; ANTHROPIC_MODEL?: string | undefined; ANTHROPIC_PRICE?: readonly [string, string] | undefined;
  AI_MODELS: readonly ('openai' | 'anthropic' | 'local')[];
}
interface Notes { info(about: object, sentence: string): void; warn(about: object, sentence: string): void }

/** A whole answer, however slowly it comes. */
const TIMEOUT_MS = 120_000;
const OUTPUT_TOKENS_MAX = 2_000;
/** As far as they were known when that file was written, which says so itself: whoever pays sets OPENAI_PRICE or ANTHROPIC_PRICE. */
const PRICES = (JSON.parse(readFileSync(new URL('prices.json', import.meta.url), 'utf8')) as { models: Record<string, [string, string]> }).models;
/** A model is named with the day that it was made, or without. */
const DAY = /-(?:\d{4}-?\d{2}-?\d{2}|latest)$/;

export const priceOf = (model: string, set?: readonly [string, string]): Price | null => {
  const found = set ?? PRICES[model] ?? PRICES[model.replace(DAY, '')];
  return found ? { input: found[0], output: found[1], currency: 'USD' } : null;
};

export function openModels(settings: ModelSettings, analyzer: Analyzer, log: Notes): Models {
  const remote = { timeoutMs: TIMEOUT_MS, outputTokensMax: OUTPUT_TOKENS_MAX };
  const priced = (model: string, set: readonly [string, string] | undefined, setting: string): Price => {
    const price = priceOf(model, set);
    if (!price) log.warn({ model }, `The price of this model is not known here: its answers cost nothing until ${setting} says what they do.`);
    return price ?? { input: '0', output: '0', currency: 'USD' };
  };
  const open: Record<ModelSettings['AI_MODELS'][number], () => Model | null> = {
    openai: () => settings.OPENAI_MODEL === undefined ? null : patient(openAiModel({ ...remote, url: settings.OPENAI_BASE_URL, key: settings.OPENAI_API_KEY, model: settings.OPENAI_MODEL, price: priced(settings.OPENAI_MODEL, settings.OPENAI_PRICE, 'OPENAI_PRICE') })),
    anthropic: () => settings.ANTHROPIC_MODEL === undefined ? null : patient(anthropicModel({ ...remote, url: settings.ANTHROPIC_BASE_URL, key: settings.ANTHROPIC_API_KEY, model: settings.ANTHROPIC_MODEL, price: priced(settings.ANTHROPIC_MODEL, settings.ANTHROPIC_PRICE, 'ANTHROPIC_PRICE') })),
    local: () => localModel(analyzer),
  };
  const models = settings.AI_MODELS.map((kind) => open[kind]()).filter((model) => model !== null);
  const passedOver = (model: string, err: unknown): void => log.warn({ model, err }, 'A model does not answer: the next one is asked.');
  return inOrder(models.length > 0 ? models : [localModel(analyzer)], { passedOver });
}

