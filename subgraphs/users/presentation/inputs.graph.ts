import { Field, ID, InputType } from 'type-graphql';

@InputType({ description: 'A new account.' })
export class RegisterInput {
  @Field(() => String, { description: 'An e-mail that has no account yet; a letter to it asks for confirmation.' }) email!: string;
  @Field(() => String, { description: 'At least 8 characters, and not one that everybody tries first.' }) password!: string;
  @Field(() => String, { description: 'What you want to be called, up to 200 characters.' }) name!: string;
}

@InputType({ description: 'Signing in.' })
export class LoginInput {
  @Field(() => String, { description: 'The e-mail of the account, in any case.' }) email!: string;
  @Field(() => String, { description: 'Its password.' }) password!: string;
}

@InputType({ description: 'Carrying a session on.' })
export class RefreshSessionInput {
  @Field(() => String, { description: 'The newest refresh token of the session.' }) refreshToken!: string;
}

@InputType({ description: 'Signing out.' })
export class LogoutInput {
  @Field(() => String, { nullable: true, description: 'A refresh token of the session to end; the one you are signed in with when not given.' }) refreshToken?: string | null;
}

@InputType({ description: 'Signing a device out.' })
export class RevokeSessionInput {
  @Field(() => ID, { description: 'The session, as `me { sessions }` lists it.' }) id!: string;
}

@InputType({ description: 'Another password, while knowing the old one.' })
export class ChangePasswordInput {
  @Field(() => String, { description: 'The password that holds until now.' }) currentPassword!: string;
  @Field(() => String, { description: 'The one that holds from now on.' }) newPassword!: string;
}

@InputType({ description: 'Asking for a letter with which to choose a new password.' })
export class RequestPasswordResetInput {
  @Field(() => String, { description: 'The e-mail of the account.' }) email!: string;
}

@InputType({ description: 'A new password, without knowing the old one.' })
export class ResetPasswordInput {
  @Field(() => String, { description: 'The token from the letter.' }) token!: string;
  @Field(() => String, { description: 'The password that holds from now on.' }) newPassword!: string;
}

@InputType({ description: 'Confirming an e-mail.' })
export class VerifyEmailInput {
  @Field(() => String, { description: 'The token from the letter.' }) token!: string;
}

@InputType({ description: 'Changes to your own profile; what is not given stays.' })
export class UpdateProfileInput {
  @Field(() => String, { nullable: true, description: 'What you want to be called, up to 200 characters.' }) name?: string | null;
}
