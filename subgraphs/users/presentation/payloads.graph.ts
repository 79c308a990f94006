/** What the mutations answer. Each names what changed; all of it is null when there is something to mend first. */
import { Field, ID, ObjectType } from 'type-graphql';
import { Payload } from '../../../platform/graph-types.ts';
import { SessionTokensType } from './session.graph.ts';
import { UserType } from './user.graph.ts';

const USER = { nullable: true, description: 'The account.' } as const;
const TOKENS = { nullable: true, description: 'The tokens of the session.' } as const;
const ENDED = { nullable: true, description: 'The session that was ended.' } as const;

@ObjectType({ description: 'A new account, signed in.' })
export class RegisterPayload extends Payload {
  @Field(() => UserType, USER) user!: UserType | null;
  @Field(() => SessionTokensType, TOKENS) session!: SessionTokensType | null;
}
@ObjectType({ description: 'A new session.' })
export class LoginPayload extends Payload {
  @Field(() => UserType, USER) user!: UserType | null;
  @Field(() => SessionTokensType, TOKENS) session!: SessionTokensType | null;
}
@ObjectType({ description: 'A session that goes on.' })
export class RefreshSessionPayload extends Payload {
  @Field(() => SessionTokensType, TOKENS) session!: SessionTokensType | null;
}
@ObjectType({ description: 'A session that was left.' })
export class LogoutPayload extends Payload {
  @Field(() => ID, ENDED) sessionId!: string | null;
}
@ObjectType({ description: 'A device that was signed out.' })
export class RevokeSessionPayload extends Payload {
  @Field(() => ID, ENDED) sessionId!: string | null;
}
@ObjectType({ description: 'A new password. Every other session was ended.' })
export class ChangePasswordPayload extends Payload {
  @Field(() => UserType, USER) user!: UserType | null;
}
@ObjectType({ description: 'The same whether or not the e-mail has an account.' })
export class RequestPasswordResetPayload extends Payload {}

@ObjectType({ description: 'A new password. Every session was ended.' })
export class ResetPasswordPayload extends Payload {
  @Field(() => UserType, USER) user!: UserType | null;
}
@ObjectType({ description: 'A confirmed e-mail.' })
export class VerifyEmailPayload extends Payload {
  @Field(() => UserType, USER) user!: UserType | null;
}
@ObjectType({ description: 'A changed profile.' })
export class UpdateProfilePayload extends Payload {
  @Field(() => UserType, USER) user!: UserType | null;
}
