import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { openLog } from './log.ts';
import { deliver, folderMail, smtpMail } from './mail.ts';

const TOKEN = `inv_${'a1b2c3d4e5'.repeat(12)}`;
const letter = { to: 'ada@example.com', subject: 'Grüße\nBcc: eve@example.com', text: `A token:\n${TOKEN}\nand ünïcode.` };

describe('mail without SMTP', () => {
  it('is a file that a person can copy a token out of; the log says where, and nothing of what it says', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'atlas mail '));
    const logged: string[] = [];
    const mail = folderMail({ folder: join(folder, 'mail'), from: 'Atlas <atlas@localhost>', log: openLog({ level: 'info', pretty: false, destination: { write: (line) => void logged.push(line) } }) });
    await mail.send(letter);
    const [name] = readdirSync(join(folder, 'mail'));
    const text = readFileSync(join(folder, 'mail', name!), 'utf8');
    expect(text).toContain(`\n${TOKEN}\n`);
    expect(text).toContain('To: ada@example.com\n');
    expect(text).not.toMatch(/^Bcc:/m);
    expect(statSync(join(folder, 'mail', name!)).mode & 0o077).toBe(0);
    expect(logged.join('')).toContain(name!);
    expect(logged.join('')).not.toContain(TOKEN);
    rmSync(folder, { recursive: true });
  });
});

describe('mail by SMTP', () => {
  it('reaches a real server, whole', async () => {
    const received: { to: string[]; text: string }[] = [];
    const server = new SMTPServer({
      authOptional: true, disabledCommands: ['STARTTLS'],
      onData(stream, session, done) {
        let text = '';
        stream.on('data', (part: Buffer) => { text += part.toString(); });
        stream.on('end', () => { received.push({ to: session.envelope.rcptTo.map(({ address }) => address), text }); done(); });
      },
    });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', () => resolve()); });
    const { port } = server.server.address() as AddressInfo;
    const mail = await smtpMail({ url: `smtp://127.0.0.1:${port}`, from: 'Atlas <atlas@localhost>' });
    await mail.send(letter);
    await mail.close();
    await new Promise<void>((resolve) => { server.close(() => resolve()); });
    expect(received[0]!.to).toEqual(['ada@example.com']);
    expect(received[0]!.text.replace(/=\r\n/g, '')).toContain(TOKEN);
  });

  it.each([[550, 'given up'], [554, 'given up'], [451, 'tried again'], [undefined, 'tried again']])('that is refused with %s is %s', async (responseCode, then) => {
    const log = openLog({ level: 'silent', pretty: false });
    const send = async () => { throw Object.assign(new Error('refused'), { responseCode }); };
    expect(await deliver({ send }, log, letter).then(() => 'given up', () => 'tried again')).toBe(then);
  });

  it('that cannot be handed over fails, so that it is tried again', async () => {
    const mail = await smtpMail({ url: 'smtp://127.0.0.1:9', from: 'Atlas <atlas@localhost>' });
    await expect(mail.send(letter)).rejects.toThrow();
    await mail.close();
  });
});
