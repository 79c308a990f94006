import { consumeOutside } from '../../../platform/outbox/inbox.ts';
import { verificationLetter } from '../domain/letter.ts';
import { userRegistered } from '../events.ts';
import { writeLetter, type LetterTools } from './write-letter.ts';

export const onUserRegistered = (given: LetterTools) => consumeOutside(userRegistered, (event) =>
  writeLetter(given, {
    event, consumer: 'verification letter', purpose: 'verify-email', userId: event.body.userId,
    wanted: (user) => !user.emailVerified, write: verificationLetter,
  }));
