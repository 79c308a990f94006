/** A collection as one caller sees it: with what they are in it. */
import type { Collection } from './collection.ts';
import type { CollectionRole } from './role.ts';

export interface CollectionView extends Pick<Collection, 'id' | 'tenantId' | 'name' | 'description' | 'settings' | 'createdAt' | 'updatedAt' | 'createdBy'> { viewerRole: CollectionRole }

export const viewOf = ({ id, tenantId, name, description, settings, createdAt, updatedAt, createdBy }: Collection, viewerRole: CollectionRole): CollectionView =>
  ({ id, tenantId, name, description, settings, createdAt, updatedAt, createdBy, viewerRole });
