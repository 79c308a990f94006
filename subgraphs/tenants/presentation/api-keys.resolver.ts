import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { ListSize } from '../../../platform/cost.ts';
import type { CreateApiKey } from '../application/create-api-key.ts';
import type { RevokeApiKey } from '../application/revoke-api-key.ts';
import type { RotateApiKey } from '../application/rotate-api-key.ts';
import type { UpdateApiKey } from '../application/update-api-key.ts';
import type { ApiKey } from '../domain/api-key.ts';
import {
  ApiKeyType, CollectionStub, CreateApiKeyInputType, CreateApiKeyPayload, RevokeApiKeyInputType, RevokeApiKeyPayload, RotateApiKeyInputType, RotateApiKeyPayload,
  UpdateApiKeyInputType, UpdateApiKeyPayload,
} from './api-key.graph.ts';
import type { Context } from './context.ts';
import { UserStub } from './tenant.graph.ts';

interface Asked { createApiKey: CreateApiKey; updateApiKey: UpdateApiKey; rotateApiKey: RotateApiKey; revokeApiKey: RevokeApiKey }
const INPUT = { description: 'What to do.' };

@Resolver(() => ApiKeyType)
export class ApiKeysResolver {
  constructor(private readonly ask: Asked) {}

  @FieldResolver(() => UserStub, { nullable: true, description: 'Who made it. It does no more than they may.' })
  createdBy(@Root() { createdBy }: ApiKey): UserStub { return { id: createdBy }; }

  @ListSize({ assumedSize: 10 })
  @FieldResolver(() => [CollectionStub], { nullable: 'itemsAndList', description: 'The collections it is held to, with null for each that the caller may not see; null for all that its scopes reach.' })
  collections(@Root() { collectionIds }: ApiKey): { id: string }[] | null { return collectionIds?.map((id) => ({ id })) ?? null; }

  @Mutation(() => CreateApiKeyPayload, { description: 'Makes a key. Its secret is shown in this answer and never again.' })
  createApiKey(@Arg('input', () => CreateApiKeyInputType, INPUT) input: CreateApiKeyInputType, @Ctx() { viewer }: Context): unknown { return this.ask.createApiKey(viewer, input); }
  @Mutation(() => UpdateApiKeyPayload, { description: 'Changes what a key is called, may do, and where from and until when. For its creator or an ADMIN.' })
  updateApiKey(@Arg('input', () => UpdateApiKeyInputType, INPUT) input: UpdateApiKeyInputType, @Ctx() { viewer }: Context): unknown { return this.ask.updateApiKey(viewer, input); }
  @Mutation(() => RotateApiKeyPayload, { description: 'Gives a key a new secret; the old one works on for a while. For its creator, or an ADMIN who may hand out all that it does.' })
  rotateApiKey(@Arg('input', () => RotateApiKeyInputType, INPUT) input: RotateApiKeyInputType, @Ctx() { viewer }: Context): unknown { return this.ask.rotateApiKey(viewer, input); }
  @Mutation(() => RevokeApiKeyPayload, { description: 'Ends a key at once, with all its secrets. For its creator or an ADMIN.' })
  revokeApiKey(@Arg('input', () => RevokeApiKeyInputType, INPUT) input: RevokeApiKeyInputType, @Ctx() { viewer }: Context): unknown { return this.ask.revokeApiKey(viewer, input); }
}
