import { createHash } from 'node:crypto';
import type { Secret } from '../../../platform/secret.ts';
import type { Seals } from '../domain/audit-chain.ts';

/** A key of its own for each kind of seal: that of a row is worth nothing as that of a head. */
export const secretSeals = (secret: Secret): Seals => ({
  sha256: (text) => createHash('sha256').update(text).digest('hex'),
  seal: (what, text) => secret.mark(`audit ${what}`, text),
  isSeal: (what, text, seal) => secret.isMark(`audit ${what}`, text, seal),
});
