/** What all doors of streams stand on. */
import type { Settings } from '../../platform/config.ts';
import type { Log } from '../../platform/log.ts';
import type { WriteTokens } from '../../platform/write-token.ts';
import type { Admit } from '../edge/admit.ts';
import type { Executor } from '../executor.ts';
import type { Authenticate } from '../policy/authenticate.ts';
import type { Tills } from '../policy/charge.ts';
import type { Watch } from './watch.ts';

/** Why all streams end at once. */
export type EndCode = 'SHUTTING_DOWN' | 'SUPERGRAPH_CHANGED';

export interface StreamEdge extends Tills {
  settings: Settings;
  executor: Pick<Executor, 'schema' | 'answer' | 'follow'>;
  authenticate: Authenticate;
  admit: Admit;
  /** Whether callers pay for what they ask, and are told. */
  charges: boolean;
  watch: Watch;
  log: Log;
  /** Seals what a write told; not where there are no accounts. */
  writes?: WriteTokens;
  /** Headers, or parameters of a socket's greeting, that travel on to subgraphs: only without viewers of Atlas. */
  forward?: readonly string[];
}
