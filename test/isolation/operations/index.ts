/** Everything that is done, and what of the public graph is not. Another operation is one entry in one of these lists. */
import { askOperations } from './answers.ts';
import { approvalOperations, evalOperations } from './approvals.ts';
import { billingOperations } from './billing.ts';
import { collectionOperations } from './collections.ts';
import type { Operation } from './choose.ts';
import { fileOperations } from './files.ts';
import { itemOperations } from './items.ts';
import { jobOperations } from './jobs.ts';
import { keyOperations } from './keys.ts';
import { nodeOperations } from './nodes.ts';
import { peopleOperations } from './people.ts';
import { searchOperations } from './search.ts';
import { tenantOperations } from './tenants.ts';
import { usageOperations } from './usage.ts';

export const OPERATIONS: readonly Operation[] = [...askOperations, ...approvalOperations, ...evalOperations, ...collectionOperations, ...itemOperations, ...fileOperations, ...jobOperations, ...keyOperations, ...nodeOperations, ...peopleOperations, ...searchOperations, ...tenantOperations, ...billingOperations, ...usageOperations];

/** What is followed all the while (`streams.ts`). */
export const FOLLOWED: readonly string[] = ['Subscription.itemChanged', 'Subscription.jobProgress'];

/** Root fields that are not done yet, each with the reason. */
export const NOT_YET: Record<string, string> = {};
