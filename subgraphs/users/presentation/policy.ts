import { connectionFields } from '../../../platform/page.ts';
import { anyone, holder, person, service, type PolicyTable } from '../../../platform/policy.ts';

/** Whoever holds a user may read its row; what of it is hidden from others is null (see user.resolver.ts). */
export const policy: PolicyTable = {
  Query: { me: person, 'jwks sessionState': service('gateway') },
  Mutation: {
    // Nobody is signed in yet, or the token that is sent says who it is.
    'register login refreshSession requestPasswordReset resetPassword verifyEmail logout': anyone,
    'revokeSession changePassword updateProfile': person,
  },
  User: { 'id nodeId name createdAt email emailVerified emailVerifiedAt sessions': holder },
  Session: { 'id createdAt lastSeenAt userAgent address current': holder },
  SessionConnection: { [connectionFields]: holder },
  SessionEdge: { 'cursor node': holder },
  SessionTokens: { 'accessToken refreshToken expiresAt': holder },
  SessionState: { 'alive userId endsAt': holder },
  RegisterPayload: { 'user session userErrors': holder },
  LoginPayload: { 'user session userErrors': holder },
  RefreshSessionPayload: { 'session userErrors': holder },
  LogoutPayload: { 'sessionId userErrors': holder },
  RevokeSessionPayload: { 'sessionId userErrors': holder },
  ChangePasswordPayload: { 'user userErrors': holder },
  RequestPasswordResetPayload: { userErrors: holder },
  ResetPasswordPayload: { 'user userErrors': holder },
  VerifyEmailPayload: { 'user userErrors': holder },
  UpdateProfilePayload: { 'user userErrors': holder },
};
