/** A thread inherits no loader: from source, this one compiles thread.ts on its way in. */
import { register } from 'tsx/esm/api';

register();
export const { learn } = await import('./thread.ts');
