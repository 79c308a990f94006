import type { Log } from '../../../platform/log.ts';
import { deliver, type Mail } from '../../../platform/mail.ts';
import type { Letters } from '../domain/letter.ts';

export const mailedLetters = (mail: Mail, log: Log): Letters => ({ send: (letter) => deliver(mail, log, letter) });
