import { consumeOutside } from '../../../platform/outbox/inbox.ts';
import { passwordResetLetter } from '../domain/letter.ts';
import { passwordResetRequested } from '../events.ts';
import { writeLetter, type LetterTools } from './write-letter.ts';

export const onPasswordResetRequested = (given: LetterTools) => consumeOutside(passwordResetRequested, async (event) => {
  const { userId } = event.body;
  if (userId === null) return; // nobody has the e-mail that was typed
  await writeLetter(given, { event, consumer: 'password reset letter', purpose: 'reset-password', userId, wanted: () => true, write: passwordResetLetter });
});
