import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { ERRORS, isErrorCode } from '../../../platform/errors.ts';
import { UserErrorType } from '../../../platform/graph-types.ts';
import { isId } from '../../../platform/ids.ts';
import { PageArgs, pageOf, type Connection, type Pages } from '../../../platform/page.ts';
import type { DecideApproval } from '../application/decide-approval.ts';
import type { SeeApprovals, SeenApproval } from '../application/see-approvals.ts';
import type { SetApprovalPolicy } from '../application/set-approval-policy.ts';
import type { ApprovalPolicy } from '../domain/approval-policy.ts';
import type { ApprovalState as State } from '../domain/approval.ts';
import type { Citation } from '../domain/citation.ts';
import type { Proposal } from '../domain/proposal.ts';
import { CitationType, ItemStub } from './answer.graph.ts';
import {
  ApprovalConnection, ApprovalPolicyType, ApprovalState, ApprovalType, DecideApprovalInputType, DecideApprovalPayload, DraftItemType, SetApprovalPolicyInputType, SetApprovalPolicyPayload, UserStub,
} from './approval.graph.ts';
import type { Context } from './context.ts';

const INPUT = { description: 'What to do.' };
const userOf = (id: string | null): UserStub | null => (isId('usr', id) ? { id } : null);

@Resolver(() => ApprovalType)
export class ApprovalsResolver {
  constructor(private readonly ask: { decideApproval: DecideApproval; setApprovalPolicy: SetApprovalPolicy }, private readonly see: SeeApprovals, private readonly pages: Pages<SeenApproval>) {}

  @Query(() => ApprovalConnection, { nullable: true, description: 'What waits for the caller to decide, and what was decided, the newest first. Empty for whoever decides nothing.' })
  async approvals(
    @Arg('state', () => ApprovalState, { nullable: true, description: 'Those in this state; all when it is left out.' }) state: State | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { viewer }: Context,
  ): Promise<Connection<SeenApproval>> {
    const request = this.pages.request(args, `${viewer.tenantId} ${state ?? ''}`);
    return this.pages.connection(pageOf(await this.see.page(viewer, state ?? null, request), request.first), request);
  }
  @Query(() => ApprovalPolicyType, { nullable: true, description: 'Which answers of the tenant wait for somebody; null when none does.' })
  approvalPolicy(@Ctx() { viewer }: Context): Promise<ApprovalPolicy | null> { return this.see.policy(viewer); }

  @Mutation(() => DecideApprovalPayload, { description: 'Decides what becomes of an answer that waits: once, whoever is faster.' })
  async decideApproval(@Arg('input', () => DecideApprovalInputType, INPUT) input: DecideApprovalInputType, @Ctx() { viewer, approvals }: Context): Promise<unknown> {
    const { approval } = await this.ask.decideApproval(viewer, input);
    return { approval: await approvals.load(approval.id) };
  }
  @Mutation(() => SetApprovalPolicyPayload, { description: 'Says which answers of the tenant wait for somebody, and for whom.' })
  setApprovalPolicy(@Arg('input', () => SetApprovalPolicyInputType, INPUT) input: SetApprovalPolicyInputType, @Ctx() { viewer }: Context): unknown { return this.ask.setApprovalPolicy(viewer, input); }

  @FieldResolver(() => UserStub, { nullable: true, description: 'Who decided.' })
  decidedBy(@Root() { decidedBy }: SeenApproval): UserStub | null { return userOf(decidedBy); }
  @FieldResolver(() => [DraftItemType], { nullable: true, description: 'What is written when it is approved of.' })
  drafts(@Root() { proposals }: SeenApproval): Proposal[] | null { return proposals; }
  @FieldResolver(() => [CitationType], { nullable: true, description: 'What it cites.' })
  citations(@Root() { citations }: SeenApproval): (Citation & { withheld: false })[] | null { return citations?.map((citation) => ({ ...citation, withheld: false })) ?? null; }
}

@Resolver(() => DraftItemType)
export class DraftItemsResolver {
  @FieldResolver(() => ItemStub, { nullable: true, description: 'What was written, as far as the caller sees it; null before.' })
  async item(@Root() { itemId }: Proposal, @Ctx() { items }: Context): Promise<ItemStub | null> { return itemId && await items.load(itemId) ? { id: itemId } : null; }
  @FieldResolver(() => UserErrorType, { nullable: true, description: 'Why it could not be written.' })
  error(@Root() { code }: Proposal): UserErrorType | null { return code && isErrorCode(code) ? { code, message: ERRORS[code].meaning, path: null } : null; }
}

@Resolver(() => ApprovalPolicyType)
export class ApprovalPoliciesResolver {
  @FieldResolver(() => [UserStub], { nullable: 'itemsAndList', description: 'Who may decide beside owners and admins.' })
  approvers(@Root() { approverIds }: ApprovalPolicy): (UserStub | null)[] { return approverIds.map(userOf); }
}
