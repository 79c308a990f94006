import type { Viewer } from '../../../platform/viewer.ts';
import type { Glance } from '../../../platform/work.ts';
import type { DeadLetter } from '../domain/dead-letter.ts';
import type { Ports, Span } from '../domain/ports.ts';
import { tenantOf } from './act-in-tenant.ts';

export type ListDeadLetters = ReturnType<typeof listDeadLetters>;

export const listDeadLetters = (given: { glance: Glance<Ports> }) => (viewer: Viewer, span: Span): Promise<DeadLetter[]> =>
  given.glance(viewer, ({ deadLetters }) => deadLetters.page(tenantOf(viewer), span));
