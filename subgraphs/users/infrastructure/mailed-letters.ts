import type { Log } from '../../../platform/log.ts';
import type { Mail } from '../../../platform/mail.ts';
import type { Letters } from '../domain/letter.ts';

/** SMTP says 5xx when trying again is no use. */
const isFinal = (error: unknown): boolean => Number((error as { responseCode?: unknown } | null)?.responseCode) >= 500;

export const mailedLetters = (mail: Mail, log: Log): Letters => ({
  async send(letter) {
    try {
      await mail.send(letter);
    } catch (error) {
      if (!isFinal(error)) throw error;
      log.warn({ err: error, subject: letter.subject }, 'A letter was refused for good; it is not sent again.');
    }
  },
});
