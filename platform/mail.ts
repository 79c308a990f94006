/** Mail leaves by SMTP, or stays in a folder where a developer can read it. The log says that there is mail and never what it says: mails carry tokens. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from './ids.ts';
import type { Log } from './log.ts';

export interface Letter { to: string; subject: string; text: string }
export interface Mail {
  send(letter: Letter): Promise<void>;
  close(): Promise<void>;
}

/** Rejects when it may succeed later. SMTP says 5xx when it will not: such a letter is given up, or it would hold back everybody's after it. */
export async function deliver(mail: Pick<Mail, 'send'>, log: Log, letter: Letter): Promise<void> {
  try {
    await mail.send(letter);
  } catch (error) {
    const { responseCode } = error as { responseCode?: unknown };
    if (!(Number(responseCode) >= 500)) throw error;
    log.warn({ err: error, subject: letter.subject }, 'A letter was refused for good; it is not sent again.');
  }
}

/** The library is large: who writes to a folder does not wait for it. */
export async function smtpMail(given: { url: string; from: string }): Promise<Mail> {
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({ url: given.url, pool: true, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 } as never);
  return {
    send: async (letter) => void (await transport.sendMail({ from: given.from, ...letter })),
    close: async () => transport.close(),
  };
}

/** One file a letter, sorted by time: a mail program opens it, and a person can copy a token out of it, for no line is folded. */
export function folderMail(given: { folder: string; from: string; log: Log }): Mail {
  return {
    async send({ to, subject, text }) {
      await mkdir(given.folder, { recursive: true, mode: 0o700 });
      const now = new Date();
      const headers = { From: given.from, To: to, Subject: subject, Date: now.toUTCString(), 'MIME-Version': '1.0', 'Content-Type': 'text/plain; charset=utf-8', 'Content-Transfer-Encoding': '8bit' };
      const head = Object.entries(headers).map(([name, value]) => `${name}: ${value.replace(/[\r\n]+/g, ' ')}`);
      const file = join(given.folder, `${now.toISOString().replace(/[:.]/g, '-')}-${newId('evt').slice(-6)}.eml`);
      // Written aside and renamed, so that a reader never sees half a letter.
      await writeFile(`${file}.part`, `${head.join('\n')}\n\n${text}\n`, { mode: 0o600 });
      await rename(`${file}.part`, file);
      given.log.info({ to, subject, file }, 'Mail written to a file, for there is no SMTP_URL.');
    },
    close: async () => undefined,
  };
}
