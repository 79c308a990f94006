import type { SigningKeys } from '../domain/access-token.ts';

const KEEP_MS = 90 * 24 * 3_600_000;

/** At once: after a leak, or whenever one wants to be sure. */
export const rotateSigningKey = (given: { keys: SigningKeys }) => (): Promise<void> => given.keys.rotate();

/** A round of the loop: a key signs for 90 days. What it signed stays valid until it expires. */
export const rotateSigningKeyWhenDue = (given: { keys: SigningKeys }) => async (): Promise<void> => {
  const { kid, since } = await given.keys.newest();
  if (Date.now() - since.getTime() >= KEEP_MS) await given.keys.rotate(kid);
  await given.keys.forget();
};
