/** Every world of the oracle. */
import type { World } from '../world.ts';
import { behind } from './behind.ts';
import { changes } from './changes.ts';
import { contexts } from './contexts.ts';
import { detours } from './detours.ts';
import { extending } from './extends.ts';
import { keys } from './keys.ts';
import { media } from './media.ts';
import { moved } from './moved.ts';
import { nulls } from './nulls.ts';
import { objects } from './objects.ts';
import { sealed } from './sealed.ts';
import { shares } from './shares.ts';
import { shop } from './shop.ts';

export const WORLDS: readonly World[] = [shop, media, keys, nulls, objects, behind, shares, moved, contexts, changes, extending, sealed, detours];
