/** What of collections is counted in metering: what is there, by where it is and whose it is. What is deleted for good is taken off again. */
import { decimal } from '../../../platform/decimal.ts';
import type { UsageLine } from '../../../platform/event.ts';
import { isId, type CollectionId } from '../../../platform/ids.ts';

interface Place { collectionId: CollectionId; createdBy: string }

/** It stays its author's, whoever deletes it. */
const attributesOf = ({ collectionId, createdBy }: Place) => ({ collectionId, userId: isId('usr', createdBy) ? createdBy : '', keyId: isId('key', createdBy) ? createdBy : '' });

export const itemsUsed = (place: Place, change: number): UsageLine => ({ metric: 'items', quantity: decimal(change), attributes: attributesOf(place) });
export const bytesUsed = (place: Place, change: number): UsageLine => ({ metric: 'storage.bytes', quantity: decimal(change), attributes: attributesOf(place) });
