/** A process inherits no loader: from source, this one compiles process.ts on its way in. */
import { register } from 'tsx/esm/api';

register();
await import('./process.ts');
