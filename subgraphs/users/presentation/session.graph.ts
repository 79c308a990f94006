import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { connectionOf } from '../../../platform/page.ts';
import type { Session } from '../domain/session.ts';

@ObjectType('Session', { description: 'A device on which you are signed in.' })
export class SessionType implements Pick<Session, 'createdAt' | 'lastSeenAt' | 'userAgent' | 'address'> {
  @Field(() => ID, { description: 'Give it to `revokeSession` to sign this device out.' }) id!: Session['id'];
  @Field(() => Date, { description: 'When you signed in.' }) createdAt!: Date;
  @Field(() => Date, { description: 'When it was last used, to about a minute.' }) lastSeenAt!: Date;
  @Field(() => String, { nullable: true, description: 'What the device said it is.' }) userAgent!: string | null;
  @Field(() => String, { nullable: true, description: 'The address from which you signed in.' }) address!: string | null;
}

export const { Connection: SessionConnection, Edge: SessionEdge } = connectionOf<SessionType>(SessionType, 'Session');

@ObjectType('SessionTokens', { description: 'What a client holds of a session.' })
export class SessionTokensType {
  @Field(() => String, { description: 'Send it as `Authorization: Bearer …`.' }) accessToken!: string;
  @Field(() => String, { description: 'Give it to `refreshSession` for the next pair; each is good once.' }) refreshToken!: string;
  @Field(() => Date, { description: 'When the access token expires.' }) expiresAt!: Date;
}

@Directive('@inaccessible')
@ObjectType('SessionState', { description: 'Whether a session still lives; between services.' })
export class SessionStateType {
  @Field(() => Boolean, { description: 'False once it was ended or has expired.' }) alive!: boolean;
  @Field(() => ID, { description: 'Whose session it is.' }) userId!: string;
  @Field(() => Date, { description: 'When it ends by itself.' }) endsAt!: Date;
}
