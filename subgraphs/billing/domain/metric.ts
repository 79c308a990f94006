/** What is counted, by name. Services say what they count; of these it is known what they mean here, and of others only how much. */

/** What a budget can be held in. */
export type BudgetUnit = 'POINTS' | 'TOKENS' | 'MONEY';

interface Metric {
  /** A level is what the sum of all changes so far comes to; what flows is summed up from nothing in each period. */
  kind: 'flow' | 'level';
  unit?: Exclude<BudgetUnit, 'MONEY'>;
}

const METRICS: Readonly<Record<string, Metric>> = {
  'api.points': { kind: 'flow', unit: 'POINTS' },
  'api.operations': { kind: 'flow' },
  'ai.input-tokens': { kind: 'flow', unit: 'TOKENS' },
  'ai.output-tokens': { kind: 'flow', unit: 'TOKENS' },
  'ai.cost': { kind: 'flow' },
  'items': { kind: 'level' },
  'storage.bytes': { kind: 'level' },
  'seats': { kind: 'level' },
};

export const LEVELS: readonly string[] = Object.keys(METRICS).filter((name) => METRICS[name]!.kind === 'level');

export const isLevel = (metric: string): boolean => METRICS[metric]?.kind === 'level';
/** What of a budget in points or tokens this uses up. */
export const unitOf = (metric: string): BudgetUnit | null => METRICS[metric]?.unit ?? null;

/** As services name what they count. */
const NAME = /^[a-z][a-z0-9]*(?:[-.][a-z0-9]+)*$/;
const NAME_LENGTH_MAX = 80;
/** What partners count of their own. */
const OWN = /^custom\.[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

export const isMetric = (name: string): boolean => name.length <= NAME_LENGTH_MAX && NAME.test(name);
export const isOwnMetric = (name: string): boolean => name.length <= NAME_LENGTH_MAX && OWN.test(name);
