import { Arg, Ctx, Directive, ID, Query, Resolver } from 'type-graphql';
import type { FindManagers, TenantManagers } from '../application/find-caretakers.ts';
import type { KeyPrincipal, ResolvePrincipal, UserPrincipal } from '../application/resolve-principal.ts';
import type { Context } from './context.ts';
import { KeyPrincipalType, TenantManagersType, UserPrincipalType } from './principal.graph.ts';

@Resolver()
export class PrincipalsResolver {
  constructor(private readonly principals: ResolvePrincipal, private readonly findManagers: FindManagers) {}

  @Directive('@inaccessible')
  @Query(() => UserPrincipalType, { nullable: true, description: 'What a person is in a tenant today; null when they do not belong to it.' })
  principalOfUser(
    @Arg('userId', () => ID, { description: 'The person.' }) userId: string,
    @Arg('tenant', () => String, { nullable: true, description: 'The tenant’s slug or id; none for a principal without one.' }) tenant: string | null | undefined,
    @Ctx() { viewer }: Context,
  ): Promise<UserPrincipal | null> {
    return this.principals.ofUser(viewer, userId, tenant ?? null);
  }

  @Directive('@inaccessible')
  @Query(() => KeyPrincipalType, { nullable: true, description: 'What a key may do today; null when it opens nothing.' })
  principalOfKey(
    @Arg('tenantId', () => ID, { description: 'The tenant that the key carries.' }) tenantId: string,
    @Arg('hash', () => String, { description: 'The SHA-256 of the key.' }) hash: string,
    @Ctx() { viewer }: Context,
  ): Promise<KeyPrincipal | null> {
    return this.principals.ofKey(viewer, tenantId, hash);
  }

  @Directive('@inaccessible')
  @Query(() => KeyPrincipalType, { nullable: true, description: 'What a key may do today that asked for something a while ago; null when it opens nothing any more.' })
  principalOfKeyById(
    @Arg('tenantId', () => ID, { description: 'The tenant of the key.' }) tenantId: string,
    @Arg('keyId', () => ID, { description: 'The key.' }) keyId: string,
    @Ctx() { viewer }: Context,
  ): Promise<KeyPrincipal | null> {
    return this.principals.ofKeyById(viewer, tenantId, keyId);
  }

  @Directive('@inaccessible')
  @Query(() => TenantManagersType, { nullable: true, description: 'Whom a letter about a tenant goes to.' })
  managersOf(@Arg('tenantId', () => ID, { description: 'The tenant.' }) tenantId: string, @Ctx() { viewer }: Context): Promise<TenantManagers | null> {
    return this.findManagers(viewer, tenantId);
  }
}
