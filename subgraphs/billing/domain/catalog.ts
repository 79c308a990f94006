/**
 * The plans that are sold today. A row of the table never changes: a plan that is to cost or hold something else gets the
 * next version here, and whoever has bought the former keeps it.
 */
import { decimal, ZERO, type Decimal } from '../../../platform/decimal.ts';
import type { Currency, Plan, PriceList } from './plan.ts';

const GB = 1_000_000_000;

/** `ai.cost` is counted in what the model's maker charges. */
const UNITS: Record<Currency, Record<string, string>> = {
  USD: { 'api.points': '0.000001', 'ai.input-tokens': '0.0000006', 'ai.output-tokens': '0.0000024', 'ai.cost': '1.2', 'storage.gb-days': '0.012' },
  EUR: { 'api.points': '0.0000009', 'ai.input-tokens': '0.00000055', 'ai.output-tokens': '0.0000022', 'ai.cost': '1.1', 'storage.gb-days': '0.011' },
};
const priceList = (currency: Currency, month: string, seat: string): PriceList => ({ month: decimal(month), seat: decimal(seat), units: unitsIn(currency) });
const unitsIn = (currency: Currency): Record<string, Decimal> => Object.fromEntries(Object.entries(UNITS[currency]).map(([metric, price]) => [metric, decimal(price)]));

export const CATALOG: readonly Plan[] = [
  {
    key: 'FREE', version: 1, name: 'Free',
    seats: { included: 10, max: 10 },
    // What is free has no bill: its limits hold it, and its budgets.
    included: null,
    limits: { requestsPerMinute: 60_000, collections: 1_000, items: 100_000, storageBytes: GB },
    features: [],
    sla: 'COMMUNITY',
    prices: { USD: priceList('USD', ZERO, ZERO), EUR: priceList('EUR', ZERO, ZERO) },
  },
  {
    key: 'TEAM', version: 1, name: 'Team',
    seats: { included: 10, max: 100 },
    included: { points: 20_000_000, tokens: 5_000_000, storageBytes: 20 * GB },
    limits: { requestsPerMinute: 300_000, collections: 10_000, items: 1_000_000, storageBytes: 200 * GB },
    features: ['answers', 'webhooks.unlimited'],
    sla: 'STANDARD',
    prices: { USD: priceList('USD', '49', '9'), EUR: priceList('EUR', '45', '8') },
  },
  {
    key: 'BUSINESS', version: 1, name: 'Business',
    seats: { included: 25, max: 10_000 },
    included: { points: 200_000_000, tokens: 50_000_000, storageBytes: 200 * GB },
    limits: { requestsPerMinute: 1_200_000 },
    features: ['answers', 'approvals', 'audit.export', 'webhooks.unlimited'],
    sla: 'PREMIUM',
    prices: { USD: priceList('USD', '249', '8'), EUR: priceList('EUR', '229', '7.5') },
  },
];
