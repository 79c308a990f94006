import { Directive, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { NodeType, Payload } from '../../../platform/graph-types.ts';
import { connectionOf } from '../../../platform/page.ts';
import type { CreateApiKeyInput } from '../application/create-api-key.ts';
import type { UpdateApiKeyInput } from '../application/update-api-key.ts';
import type { ApiKey } from '../domain/api-key.ts';

@Directive('@key(fields: "id")')
@Directive('@key(fields: "nodeId")')
@ObjectType('ApiKey', { implements: NodeType, description: 'What a program signs in with.' })
export class ApiKeyType extends NodeType implements Pick<ApiKey, 'name' | 'prefix' | 'scopes' | 'allowedAddresses' | 'expiresAt' | 'trustedDocumentsOnly' | 'lastUsedAt' | 'revokedAt'> {
  @Field(() => String, { description: 'What its maker calls it.' }) name!: string;
  @Field(() => String, { description: 'How its secret begins, to know it by.' }) prefix!: string;
  @Field(() => [String], { description: 'What it was allowed. It does no more than its creator may today.' }) scopes!: string[];
  @Field(() => [String], { nullable: true, description: 'The addresses and ranges it may be used from; null for any.' }) allowedAddresses!: string[] | null;
  @Field(() => Date, { nullable: true, description: 'When it ends by itself.' }) expiresAt!: Date | null;
  @Field(() => Boolean, { description: 'Whether it gets an answer to nothing but trusted documents.' }) trustedDocumentsOnly!: boolean;
  @Field(() => Date, { nullable: true, description: 'When it was last used, give or take a minute or two.' }) lastUsedAt!: Date | null;
  @Field(() => Date, { nullable: true, description: 'When it was revoked.' }) revokedAt!: Date | null;
}
export const { Connection: ApiKeyConnection, Edge: ApiKeyEdge } = connectionOf<ApiKey>(ApiKeyType, 'ApiKey');

/**
 * Whatever a Collection is, collections knows. It is named as a client would name it, which vouches for nothing: an `id`
 * from here would be shown without asking whether the caller may see it.
 */
@Directive('@key(fields: "nodeId", resolvable: false)')
@ObjectType('Collection', { description: 'Things that belong together, and are shared together.' })
export class CollectionStub {
  @Directive('@inaccessible')
  @Field(() => ID, { description: 'The id as a client typed it.' }) nodeId!: string;
}

const COLLECTIONS = 'The collections it is held to; null for all that its scopes reach. What they are is not known here: an id that names none opens none.';
const ADDRESSES = 'IP addresses and ranges (192.0.2.0/24) it may be used from; null for any.';
const TRUSTED = 'Whether it gets an answer to nothing but documents that were handed in beforehand; no when not given.';
const EXPIRES = 'When it ends by itself; null for never.';

@InputType('CreateApiKeyInput', { description: 'A new key of the tenant that the request is in.' })
export class CreateApiKeyInputType implements CreateApiKeyInput {
  @Field(() => String, { description: '1 to 100 characters.' }) name!: string;
  @Field(() => [String], { description: 'What it may do, from apiKeyScopes; nothing that the caller may not.' }) scopes!: string[];
  @Field(() => [ID], { nullable: true, description: COLLECTIONS }) collectionIds?: string[] | null;
  @Field(() => [String], { nullable: true, description: ADDRESSES }) allowedAddresses?: string[] | null;
  @Field(() => Date, { nullable: true, description: EXPIRES }) expiresAt?: Date | null;
  @Field(() => Boolean, { nullable: true, description: TRUSTED }) trustedDocumentsOnly?: boolean | null;
}
@InputType('UpdateApiKeyInput', { description: 'What to change about a key; what is left out stays, null lifts a limit.' })
export class UpdateApiKeyInputType implements UpdateApiKeyInput {
  @Field(() => ID, { description: 'The key.' }) id!: string;
  @Field(() => String, { nullable: true, description: '1 to 100 characters.' }) name?: string | null;
  @Field(() => [String], { nullable: true, description: 'What it may do; nothing new that the caller may not.' }) scopes?: string[] | null;
  @Field(() => [ID], { nullable: true, description: COLLECTIONS }) collectionIds?: string[] | null;
  @Field(() => [String], { nullable: true, description: ADDRESSES }) allowedAddresses?: string[] | null;
  @Field(() => Date, { nullable: true, description: EXPIRES }) expiresAt?: Date | null;
  @Field(() => Boolean, { nullable: true, description: TRUSTED }) trustedDocumentsOnly?: boolean | null;
}
@InputType('RotateApiKeyInput', { description: 'Which key gets a new secret.' })
export class RotateApiKeyInputType {
  @Field(() => ID, { description: 'The key.' }) id!: string;
  @Field(() => Int, { nullable: true, description: 'How long the old secret works on: up to 604800 (7 days); 86400 (a day) when not given.' }) overlapSeconds?: number | null;
}
@InputType('RevokeApiKeyInput', { description: 'Which key to end.' })
export class RevokeApiKeyInputType {
  @Field(() => ID, { description: 'The key.' }) id!: string;
}

@ObjectType('CreateApiKeyPayload', { description: 'What createApiKey did.' })
export class CreateApiKeyPayload extends Payload {
  @Field(() => ApiKeyType, { nullable: true, description: 'The new key.' }) apiKey!: ApiKeyType | null;
  @Field(() => String, { nullable: true, description: 'The key itself, shown this once: Atlas keeps only a hash of it.' }) secret!: string | null;
}
@ObjectType('UpdateApiKeyPayload', { description: 'What updateApiKey did.' })
export class UpdateApiKeyPayload extends Payload {
  @Field(() => ApiKeyType, { nullable: true, description: 'The key as it is now.' }) apiKey!: ApiKeyType | null;
}
@ObjectType('RotateApiKeyPayload', { description: 'What rotateApiKey did.' })
export class RotateApiKeyPayload extends Payload {
  @Field(() => ApiKeyType, { nullable: true, description: 'The key as it is now.' }) apiKey!: ApiKeyType | null;
  @Field(() => String, { nullable: true, description: 'The new secret, shown this once.' }) secret!: string | null;
}
@ObjectType('RevokeApiKeyPayload', { description: 'What revokeApiKey did.' })
export class RevokeApiKeyPayload extends Payload {
  @Field(() => ApiKeyType, { nullable: true, description: 'The key, which opens nothing any more.' }) apiKey!: ApiKeyType | null;
}
