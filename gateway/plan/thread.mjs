/** From source: the thread as it was compiled. */
import { fromSource } from '../../platform/from-source.mjs';

export const { describe, plan } = await fromSource(new URL('./thread.ts', import.meta.url));
