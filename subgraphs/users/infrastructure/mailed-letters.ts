import type { Log } from '../../../platform/log.ts';
import { isRefusedForGood, type Mail } from '../../../platform/mail.ts';
import type { Letters } from '../domain/letter.ts';

export const mailedLetters = (mail: Mail, log: Log): Letters => ({
  async send(letter) {
    try {
      await mail.send(letter);
    } catch (error) {
      if (!isRefusedForGood(error)) throw error;
      log.warn({ err: error, subject: letter.subject }, 'A letter was refused for good; it is not sent again.');
    }
  },
});
