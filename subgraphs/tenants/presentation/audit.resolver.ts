import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Cost } from '../../../platform/cost.ts';
import type { UserId } from '../../../platform/ids.ts';
import { PageArgs, pageOf, type Connection, type Pages } from '../../../platform/page.ts';
import type { SeeAudit } from '../application/see-audit.ts';
import type { VerifyTrail } from '../application/verify-trail.ts';
import type { ApiKey } from '../domain/api-key.ts';
import type { AuditEvent } from '../domain/audit-chain.ts';
import type { TenantView } from '../domain/tenant-view.ts';
import { ActorType, AuditEventConnection, AuditEventType, AuditFilterType, AuditTrailType, type ActorSeen, type TrailSeen } from './audit.graph.ts';
import { ApiKeyType } from './api-key.graph.ts';
import type { Context } from './context.ts';
import { TenantType, UserStub } from './tenant.graph.ts';

/** It reads thousands of rows. */
const VERIFYING = 1_000;

@Resolver(() => TenantType)
export class AuditResolver {
  constructor(private readonly see: SeeAudit, private readonly verify: VerifyTrail, private readonly pages: Pages<AuditEvent>) {}

  @FieldResolver(() => AuditEventConnection, { nullable: true, description: 'Who did what in it, the newest first; also what was refused.' })
  async auditEvents(
    @Root() { id }: TenantView,
    @Arg('filter', () => AuditFilterType, { nullable: true, description: 'Which events to show; all when not given.' }) filter: AuditFilterType | null | undefined,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { viewer }: Context,
  ): Promise<Connection<AuditEvent>> {
    const request = this.pages.request(args, id);
    return this.pages.connection(pageOf(await this.see.page(viewer, id, filter ?? {}, request), request.first), request);
  }

  @Cost(VERIFYING)
  @FieldResolver(() => AuditTrailType, { nullable: true, description: 'Whether its audit trail is whole, looked at now.' })
  async auditTrail(@Root() { id }: TenantView): Promise<TrailSeen> {
    const { verified, count, checked, head, fault } = await this.verify.some(id);
    return { verified, count, checked, head: head?.hash ?? null, firstBroken: fault?.id ?? null };
  }
}

@Resolver(() => AuditEventType)
export class AuditEventResolver {
  @FieldResolver(() => ActorType, { description: 'Who did it.' })
  actor(@Root() { actor, chain }: AuditEvent): ActorSeen { return { ...actor, chain }; }
}

@Resolver(() => ActorType)
export class ActorResolver {
  @FieldResolver(() => UserStub, { nullable: true, description: 'The person, when it was one.' })
  user(@Root() { kind, id }: ActorSeen): UserStub | null { return kind === 'user' ? { id: id as UserId } : null; }

  @FieldResolver(() => ApiKeyType, { nullable: true, description: 'The key, when it was one.' })
  async apiKey(@Root() { kind, id, chain }: ActorSeen, @Ctx() { apiKeysOf }: Context): Promise<ApiKey | null> {
    return kind === 'key' && chain !== 'system' ? apiKeysOf(chain).load(id as ApiKey['id']) : null;
  }
}
