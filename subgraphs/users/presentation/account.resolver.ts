import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Cost } from '../../../platform/cost.ts';
import type { SessionId } from '../../../platform/ids.ts';
import type { ChangePassword } from '../application/change-password.ts';
import type { LogIn } from '../application/log-in.ts';
import type { LogOut } from '../application/log-out.ts';
import type { SignedIn } from '../application/ports.ts';
import type { RefreshSession } from '../application/refresh-session.ts';
import type { RegisterUser } from '../application/register-user.ts';
import type { RequestPasswordReset } from '../application/request-password-reset.ts';
import type { ResetPassword } from '../application/reset-password.ts';
import type { RevokeSession } from '../application/revoke-session.ts';
import type { UpdateProfile } from '../application/update-profile.ts';
import type { VerifyEmail } from '../application/verify-email.ts';
import type { User } from '../domain/user.ts';
import { callerOf, type UsersContext } from './context.ts';
import * as inputs from './inputs.graph.ts';
import * as payloads from './payloads.graph.ts';
import { UserType } from './user.graph.ts';

/** A password is hashed slowly on purpose, and the processor is what it costs. */
const HASH_WEIGHT = 50;

export interface AccountVerbs {
  registerUser: RegisterUser; logIn: LogIn; refreshSession: RefreshSession; logOut: LogOut; revokeSession: RevokeSession;
  changePassword: ChangePassword; requestPasswordReset: RequestPasswordReset; resetPassword: ResetPassword;
  verifyEmail: VerifyEmail; updateProfile: UpdateProfile;
}

@Resolver()
export class AccountResolver {
  constructor(private readonly verbs: AccountVerbs) {}

  @Cost(HASH_WEIGHT)
  @Mutation(() => payloads.RegisterPayload, { description: 'Makes an account and signs you in. A letter asks you to confirm the e-mail.' })
  register(@Arg('input', () => inputs.RegisterInput, { description: 'The account.' }) input: inputs.RegisterInput, @Ctx() context: UsersContext) {
    return this.verbs.registerUser(callerOf(context), input);
  }
  @Cost(HASH_WEIGHT)
  @Mutation(() => payloads.LoginPayload, { description: 'Signs you in.' })
  login(@Arg('input', () => inputs.LoginInput, { description: 'E-mail and password.' }) input: inputs.LoginInput, @Ctx() context: UsersContext) {
    return this.verbs.logIn(callerOf(context), input);
  }
  @Mutation(() => payloads.RefreshSessionPayload, { description: 'Trades a refresh token for the next pair. A token that is used twice ends its session, save for a repeat within seconds.' })
  refreshSession(@Arg('input', () => inputs.RefreshSessionInput, { description: 'The token.' }) input: inputs.RefreshSessionInput, @Ctx() context: UsersContext) {
    return this.verbs.refreshSession(callerOf(context), input);
  }
  @Mutation(() => payloads.LogoutPayload, { description: 'Signs you out here.' })
  logout(@Arg('input', () => inputs.LogoutInput, { description: 'Which session, when not this one.' }) input: inputs.LogoutInput, @Ctx() context: UsersContext) {
    return this.verbs.logOut(callerOf(context), input);
  }
  @Mutation(() => payloads.RevokeSessionPayload, { description: 'Signs one of your devices out.' })
  revokeSession(@Arg('input', () => inputs.RevokeSessionInput, { description: 'Which device.' }) input: inputs.RevokeSessionInput, @Ctx() context: UsersContext) {
    return this.verbs.revokeSession(callerOf(context), input);
  }
  @Cost(HASH_WEIGHT)
  @Mutation(() => payloads.ChangePasswordPayload, { description: 'Changes your password and signs you out everywhere else.' })
  changePassword(@Arg('input', () => inputs.ChangePasswordInput, { description: 'The old and the new one.' }) input: inputs.ChangePasswordInput, @Ctx() context: UsersContext) {
    return this.verbs.changePassword(callerOf(context), input);
  }
  @Mutation(() => payloads.RequestPasswordResetPayload, { description: 'Sends a letter with which to choose a new password, when the e-mail has an account.' })
  requestPasswordReset(@Arg('input', () => inputs.RequestPasswordResetInput, { description: 'The e-mail.' }) input: inputs.RequestPasswordResetInput, @Ctx() context: UsersContext) {
    return this.verbs.requestPasswordReset(callerOf(context), input);
  }
  @Cost(HASH_WEIGHT)
  @Mutation(() => payloads.ResetPasswordPayload, { description: 'Chooses a new password with the token of a letter, and signs you out everywhere.' })
  resetPassword(@Arg('input', () => inputs.ResetPasswordInput, { description: 'The token and the password.' }) input: inputs.ResetPasswordInput, @Ctx() context: UsersContext) {
    return this.verbs.resetPassword(callerOf(context), input);
  }
  @Mutation(() => payloads.VerifyEmailPayload, { description: 'Confirms your e-mail with the token of a letter.' })
  verifyEmail(@Arg('input', () => inputs.VerifyEmailInput, { description: 'The token.' }) input: inputs.VerifyEmailInput, @Ctx() context: UsersContext) {
    return this.verbs.verifyEmail(callerOf(context), input);
  }
  @Mutation(() => payloads.UpdateProfilePayload, { description: 'Changes your profile.' })
  updateProfile(@Arg('input', () => inputs.UpdateProfileInput, { description: 'What changes.' }) input: inputs.UpdateProfileInput, @Ctx() context: UsersContext) {
    return this.verbs.updateProfile(callerOf(context), input);
  }
}

/** Tokens are the proof that the rest of the answer may show the account to its owner; when the answer is repeated, only while they still open anything. */
async function provenUser({ user, session }: SignedIn, { proven, sessionLives }: UsersContext): Promise<User | null> {
  const id = session?.refreshToken.split('.')[0] as SessionId | undefined;
  if (user && id && await sessionLives(id)) proven.set(user.id, id);
  return user;
}

@Resolver(() => payloads.RegisterPayload)
export class RegisterPayloadResolver {
  @FieldResolver(() => UserType, { nullable: true, description: 'The account.' })
  user(@Root() payload: SignedIn, @Ctx() context: UsersContext): Promise<User | null> { return provenUser(payload, context); }
}

@Resolver(() => payloads.LoginPayload)
export class LoginPayloadResolver {
  @FieldResolver(() => UserType, { nullable: true, description: 'The account.' })
  user(@Root() payload: SignedIn, @Ctx() context: UsersContext): Promise<User | null> { return provenUser(payload, context); }
}
