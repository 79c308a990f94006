/**
 * `npx atlas billing doctor [--repair]`: compares what is paid at the provider of payments with what is known here, and says
 * where they differ. Told to repair, it takes over what the provider says and makes prices that are missing; what money hangs
 * on is left to a person. It exits with 1 while something is left.
 */
import { SettingsError } from '../config.ts';
import type { Service } from '../service.ts';

export const BILLING_HELP = `atlas billing doctor [--repair]
                    compare what is paid at Stripe with what is known here, and mend what can be
`;

export function readBillingWords(words: readonly string[]): { mend: boolean } {
  const [verb, ...more] = words;
  if (verb !== 'doctor' || more.some((word) => word !== '--repair') || more.length > 1) throw new SettingsError('Say: atlas billing doctor, or atlas billing doctor --repair.');
  return { mend: more.length === 1 };
}

/** Whether nothing is left to do. */
export async function examineBilling(billing: Service, { mend }: { mend: boolean }, say: (line: string) => void): Promise<boolean> {
  if (!billing.compare) throw new SettingsError('STRIPE_SECRET_KEY must be set: without it there is nothing to compare with.');
  let [found, left] = [0, 0];
  for await (const { about, what, mended } of billing.compare(mend)) {
    found += 1;
    if (mended !== true) left += 1;
    say(`${about}: ${what}${mended === null ? '' : mended ? ' – mended' : ' – LEFT TO YOU'}`);
  }
  say(found === 0 ? 'Nothing differs.' : `${found} ${found === 1 ? 'difference' : 'differences'}, ${left} left.`);
  return left === 0;
}
