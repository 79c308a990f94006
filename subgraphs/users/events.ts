/**
 * What the users service tells. Bodies hold who and what, never a password, a hash or a token: whoever must send a
 * secret by mail makes it when it handles the event. These events belong to a person and therefore to no tenant.
 */
import { defineEvent } from '../../platform/event.ts';
import type { SessionId, UserId } from '../../platform/ids.ts';

export type SessionEnd = 'signed-out' | 'revoked' | 'password-changed' | 'password-reset' | 'refresh-reused';

export const userRegistered = defineEvent<{ userId: UserId; email: string; name: string }>('users.user-registered', 1);
export const emailVerified = defineEvent<{ userId: UserId; email: string }>('users.email-verified', 1);
export const profileUpdated = defineEvent<{ userId: UserId; name: string }>('users.profile-updated', 1);
export const passwordChanged = defineEvent<{ userId: UserId; how: 'changed' | 'reset' }>('users.password-changed', 1);
/** `userId` is null when nobody has the e-mail that was typed: the request is told alike, so that it takes alike. */
export const passwordResetRequested = defineEvent<{ userId: UserId | null; address: string | null }>('users.password-reset-requested', 1);
export const sessionStarted = defineEvent<{ sessionId: SessionId; userId: UserId; address: string | null }>('users.session-started', 1);
export const sessionEnded = defineEvent<{ sessionId: SessionId; userId: UserId; reason: SessionEnd }>('users.session-ended', 1);
/** `userId` is null when nobody has the e-mail that was typed. What was typed is not told: it may be a password in the wrong field. */
export const signInFailed = defineEvent<{ userId: UserId | null; address: string | null }>('users.sign-in-failed', 1);
