/** What a caller may see of another person: by what they share, which the tenants service knows. */
import type { UserId } from '../../../platform/ids.ts';

/** PEER: both belong to a tenant. GUEST: the caller is only a guest there. */
export type Relation = 'PEER' | 'GUEST';

export const maySeeEmail = (relation: Relation | 'SELF' | null): boolean => relation === 'SELF' || relation === 'PEER';
export const mayFind = (relation: Relation | 'SELF' | null): boolean => relation !== null;

export interface Relations<Viewer> { between(viewer: Viewer, ids: readonly UserId[]): Promise<ReadonlyMap<UserId, Relation>> }
