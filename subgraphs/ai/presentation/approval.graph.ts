import { Directive, Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { CollectionId } from '../../../platform/ids.ts';
import { NodeType, Payload } from '../../../platform/graph-types.ts';
import { connectionOf } from '../../../platform/page.ts';
import type { DecideApprovalInput } from '../application/decide-approval.ts';
import type { SeenApproval } from '../application/see-approvals.ts';
import type { SetApprovalPolicyInput } from '../application/set-approval-policy.ts';
import type { ApprovalPolicy } from '../domain/approval-policy.ts';
import type { DraftEdit, Proposal } from '../domain/proposal.ts';
import type { ApprovalDecision as Decision, ApprovalReason as Reason, ApprovalState as State } from '../domain/approval.ts';

export const ApprovalState: Record<State, State> = { PENDING: 'PENDING', APPROVED: 'APPROVED', REJECTED: 'REJECTED', EXPIRED: 'EXPIRED' };
registerEnumType(ApprovalState, {
  name: 'ApprovalState', description: 'How an approval stands.',
  valuesConfig: { PENDING: { description: 'It waits for somebody.' }, APPROVED: { description: 'Somebody approved.' }, REJECTED: { description: 'Somebody did not.' }, EXPIRED: { description: 'Nobody decided in time, or it was cancelled.' } },
});
export const ApprovalDecision: Record<Decision, Decision> = { APPROVE: 'APPROVE', REJECT: 'REJECT' };
registerEnumType(ApprovalDecision, {
  name: 'ApprovalDecision', description: 'What is decided.',
  valuesConfig: { APPROVE: { description: 'Whoever asked is shown the answer.' }, REJECT: { description: 'Nobody is.' } },
});
export const ApprovalReason: Record<Reason, Reason> = { LOW_CONFIDENCE: 'LOW_CONFIDENCE', SENSITIVE_TAG: 'SENSITIVE_TAG', TOOL_WRITES: 'TOOL_WRITES' };
registerEnumType(ApprovalReason, {
  name: 'ApprovalReason', description: 'Why an answer waits.',
  valuesConfig: { LOW_CONFIDENCE: { description: 'Its sources bear it out less than the policy wants.' }, SENSITIVE_TAG: { description: 'It cites an item with a tag that the policy names.' }, TOOL_WRITES: { description: 'Its model proposes to write something.' } },
});

/** Who it is, users knows. */
@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('User', { description: 'A person who has an account.' })
export class UserStub {
  @Field(() => ID, { description: 'Opaque, typed and sortable.' }) id!: string;
}

@Directive('@key(fields: "id")')
@Directive('@key(fields: "nodeId")')
@ObjectType('Approval', { implements: NodeType, description: 'That somebody has to look at an answer before whoever asked sees it. Those who may not see everything that it was made from see that it waits, and not what it says.' })
export class ApprovalType extends NodeType implements Pick<SeenApproval, 'state' | 'reasons' | 'question' | 'text' | 'requestedAt' | 'expiresAt' | 'decidedAt' | 'why' | 'edited'> {
  @Field(() => ApprovalState, { description: 'How it stands.' }) state!: State;
  @Field(() => [ApprovalReason], { description: 'Why it waits.' }) reasons!: Reason[];
  @Field(() => String, { nullable: true, description: 'What was asked.' }) question!: string | null;
  @Field(() => String, { nullable: true, description: 'What would be answered.' }) text!: string | null;
  @Field(() => Date, { description: 'Since when it waits.' }) requestedAt!: Date;
  @Field(() => Date, { description: 'Until when it does.' }) expiresAt!: Date;
  @Field(() => Date, { nullable: true, description: 'When it was decided.' }) decidedAt!: Date | null;
  @Field(() => String, { nullable: true, description: 'Why it was decided so, in the words of whoever did.' }) why!: string | null;
  @Field(() => Boolean, { description: 'Whether what was approved is not what the model said.' }) edited!: boolean;
}
export const { Connection: ApprovalConnection, Edge: ApprovalEdge } = connectionOf<SeenApproval>(ApprovalType, 'Approval');

@ObjectType('DraftItem', { description: 'An item that a model proposes. It is written when its answer is approved of, as whoever asked.' })
export class DraftItemType implements Pick<Proposal, 'title' | 'body' | 'tags' | 'collectionId' | 'edited'> {
  @Field(() => String, { description: 'What it would be called.' }) title!: string;
  @Field(() => String, { description: 'What it would say, as Markdown without links.' }) body!: string;
  @Field(() => [String], { description: 'Its tags.' }) tags!: string[];
  @Field(() => ID, { description: 'Where it would be.' }) collectionId!: CollectionId;
  @Field(() => Boolean, { description: 'Whether whoever approved of it changed what the model had proposed.' }) edited!: boolean;
}
@ObjectType('ApprovalPolicy', { description: 'Which answers of a tenant wait for somebody, and for whom. A tenant that has none waits for nobody.' })
export class ApprovalPolicyType implements Pick<ApprovalPolicy, 'minConfidence' | 'sensitiveTags' | 'expiresHours'> {
  @Field(() => Float, { nullable: true, description: 'Answers that their sources bear out less wait; from 0 to 1.' }) minConfidence!: number | null;
  @Field(() => [String], { description: 'Answers that cite an item with one of these tags wait.' }) sensitiveTags!: string[];
  @Field(() => Int, { description: 'After so many hours nobody is waited for any more.' }) expiresHours!: number;
}
@InputType('SetApprovalPolicyInput', { description: 'Which answers wait for somebody: all of it, instead of what was there before.' })
export class SetApprovalPolicyInputType implements SetApprovalPolicyInput {
  @Field(() => Float, { nullable: true, description: 'Answers that their sources bear out less wait; from 0 to 1. None waits for that when it is left out.' }) minConfidence?: number | null;
  @Field(() => [String], { nullable: true, description: 'Answers that cite an item with one of these tags wait; 50 at most.' }) sensitiveTags?: string[] | null;
  @Field(() => [ID], { nullable: true, description: 'People who may decide beside owners and admins; 50 at most.' }) approverIds?: string[] | null;
  @Field(() => Int, { nullable: true, description: 'After so many hours nobody is waited for any more: 1 to 720, 72 when it is left out.' }) expiresHours?: number | null;
}
@ObjectType('SetApprovalPolicyPayload', { description: 'What setApprovalPolicy did.' })
export class SetApprovalPolicyPayload extends Payload {
  @Field(() => ApprovalPolicyType, { nullable: true, description: 'The policy as it is now.' }) approvalPolicy!: ApprovalPolicyType | null;
}
@InputType('EditDraftInput', { description: 'What is written instead of what a model proposed. What is left out stays as it is; nothing in it leads anywhere, as in answers.' })
export class EditDraftInputType implements DraftEdit {
  @Field(() => Int, { description: 'Which of `Approval.drafts`, counted from 0.' }) index!: number;
  @Field(() => String, { nullable: true, description: 'One line of 1 to 300 characters.' }) title?: string | null;
  @Field(() => String, { nullable: true, description: '1 to 20 000 characters.' }) body?: string | null;
  @Field(() => [String], { nullable: true, description: 'All of them, instead of those before: 20 at most, of 1 to 100 characters.' }) tags?: string[] | null;
}
@InputType('DecideApprovalInput', { description: 'What is decided of an answer that waits.' })
export class DecideApprovalInputType implements DecideApprovalInput {
  @Field(() => ID, { description: 'The approval.' }) id!: string;
  @Field(() => ApprovalDecision, { description: 'What is decided.' }) decision!: Decision;
  @Field(() => String, { nullable: true, description: 'What is answered instead of what the model said, as Markdown of 1 to 50 000 characters in which [1] names its first citation; links are taken out. To approve of it as it is, leave it out.' }) text?: string | null;
  @Field(() => [EditDraftInputType], { nullable: true, description: 'What is written instead of what the model proposed; a draft that is not named here is written as it is.' }) drafts?: EditDraftInputType[] | null;
  @Field(() => String, { nullable: true, description: 'Why, for whoever looks at it later.' }) reason?: string | null;
}
@ObjectType('DecideApprovalPayload', { description: 'What decideApproval did.' })
export class DecideApprovalPayload extends Payload {
  @Field(() => ApprovalType, { nullable: true, description: 'The approval, decided.' }) approval!: ApprovalType | null;
}
