/** What is done once and then over, beside a running Atlas or without one: each answers what is printed last. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SettingsError, type Settings } from '../config.ts';
import { demoText, makeDemo } from '../demo.ts';
import { openLog, type Log } from '../log.ts';
import { SUBGRAPHS } from '../names.ts';
import { readStarts } from '../parts.ts';
import { askAs, type Services } from './as-somebody.ts';
import { AUDIT_HELP, auditAll, readAuditWords } from './audit.ts';
import { BILLING_HELP, examineBilling, readBillingWords } from './billing.ts';
import { EVAL_HELP, evaluate } from './eval.ts';
import { EVENTS_HELP, runEvents } from './events.ts';
import { IMPORT_HELP, importFiles, importText, markdownIn, readImportWords } from './import.ts';

export const COMMANDS_HELP = `${IMPORT_HELP}${EVAL_HELP}${EVENTS_HELP}${AUDIT_HELP}${BILLING_HELP}`;

type Start = (given: ReturnType<typeof readStarts> & { settings: Settings; log: Log; listen: false; say(line: string): void }) => Promise<{ services: Services; stop(): Promise<void> }>;
export type Command = (words: readonly string[]) => Promise<string>;

/** Beside a running Atlas: what listens nowhere wants no port. */
const PORTS_UNSET = Object.fromEntries(SUBGRAPHS.map((name) => [`${name.toUpperCase()}_PORT`, undefined]));
const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** `settingsWith`: those of the environment, and these instead. */
export function commandsOver(start: Start, settingsWith: (instead: Record<string, string | undefined>) => Settings): Record<string, Command> {
  /** On the same database as a running Atlas. What it tells waits in the log for whoever handles events. */
  const beside = async <T>(names: readonly string[], body: (services: Services, settings: Settings) => Promise<T>, instead: Record<string, string | undefined> = {}): Promise<T> => {
    const settings = settingsWith({ ...PORTS_UNSET, ...instead });
    const log = openLog({ level: 'warn', pretty: process.stdout.isTTY });
    const atlas = await start({ ...readStarts(names), settings, log, listen: false, say });
    try {
      return await body(atlas.services, settings);
    } finally {
      await atlas.stop();
    }
  };
  return {
    events: (words) => runEvents(words, () => settingsWith({})),
    async demo(words) {
      if (words.length > 0) throw new SettingsError('atlas demo takes nothing more.');
      return beside(SUBGRAPHS.map((name) => `${name}:api`), async (services, { PORT }) => demoText(await makeDemo(services), `http://localhost:${PORT}/graphql`));
    },
    async import(words) {
      const wanted = readImportWords(words);
      const files = markdownIn(wanted.folder);
      return beside(['tenants:api', 'collections:api'], async (services) => {
        const owner = await services.get('tenants')!.ownerOf!(wanted.tenant);
        if (!owner) throw new SettingsError(`There is no tenant "${wanted.tenant}"; npx atlas demo makes one that is called demo.`);
        return importText(await importFiles(askAs(services, owner), wanted.collection, files), wanted);
      });
    },
    /** Over a database of its own, which is gone afterwards; models are those of the settings. */
    async eval(words) {
      if (words.length > 0) throw new SettingsError('atlas eval takes nothing more.');
      const data = mkdtempSync(join(tmpdir(), 'atlas-eval-'));
      try {
        const { text, isGood } = await beside(SUBGRAPHS, (services) => evaluate(services, say), { DATABASE_URL: undefined, DATABASE_OWNER_URL: undefined, ATLAS_DATA: data });
        if (!isGood) process.exitCode = 1;
        return text;
      } finally {
        rmSync(data, { recursive: true, force: true });
      }
    },
    /** Handles no events itself, and takes over what it finds as those who do would. */
    async 'billing doctor'(words) {
      const wanted = readBillingWords(words);
      return beside(['billing:api'], async (services) => {
        const well = await examineBilling(services.get('billing')!, wanted, (line) => process.stdout.write(`${line}\n`));
        if (!well) process.exitCode = 1;
        return '';
      });
    },
    /** The trails as they are in the database, whether or not anything else runs. */
    async audit(words) {
      const wanted = readAuditWords(words);
      return beside(['tenants'], async (services) => {
        const whole = await auditAll(services.get('tenants')!, wanted, (line) => process.stdout.write(`${line}\n`));
        if (!whole) process.exitCode = 1;
        return '';
      });
    },
  };
}
