/**
 * What the users service tells. Bodies hold who and what, never a password, a hash or a token: whoever must send a
 * secret by mail makes it when it handles the event. These events belong to a person and therefore to no tenant.
 */
import { defineEvent, described, id, nullable, oneOf, text, type BodyOf } from '../../platform/event.ts';

const userId = id('usr');
const sessionId = id('ses');
const address = described(nullable(text), 'From where it was asked; null when nobody asked from anywhere.');
const somebody = described(nullable(userId), 'Null when nobody has the e-mail that was typed.');

export const userRegistered = defineEvent('users.user-registered', 1, { userId, email: text, name: text });
export const emailVerified = defineEvent('users.email-verified', 1, { userId, email: text });
export const profileUpdated = defineEvent('users.profile-updated', 1, { userId, name: text });
export const passwordChanged = defineEvent('users.password-changed', 1, { userId, how: oneOf('changed', 'reset') });
/** Told alike whether or not there is such a person, so that it takes alike. */
export const passwordResetRequested = defineEvent('users.password-reset-requested', 1, { userId: somebody, address });
export const sessionStarted = defineEvent('users.session-started', 1, { sessionId, userId, address });

const ended = { sessionId, userId, reason: oneOf('signed-out', 'revoked', 'password-changed', 'password-reset', 'refresh-reused') };
export type SessionEnd = BodyOf<typeof ended>['reason'];
export const sessionEnded = defineEvent('users.session-ended', 1, ended);
/** What was typed is not told: it may be a password in the wrong field. */
export const signInFailed = defineEvent('users.sign-in-failed', 1, { userId: somebody, address });
