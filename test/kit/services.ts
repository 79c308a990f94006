/**
 * Services for a test: the real ones, in this process, over a database of their own on the run's server. Questions are
 * put to a service's own graph as whatever viewer the test says; letters and events are kept to be looked at.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAtlas, type Atlas } from '../../atlas.ts';
import { readSettings } from '../../platform/config.ts';
import type { Envelope } from '../../platform/event.ts';
import type { GraphAnswer } from '../../platform/graph.ts';
import { newId } from '../../platform/ids.ts';
import { openLog } from '../../platform/log.ts';
import type { Letter, Mail } from '../../platform/mail.ts';
import type { Parts } from '../../platform/parts.ts';
import { withRequest, type RequestInfo } from '../../platform/request.ts';
import { SUBGRAPHS, type Resources, type ServiceName, type SubgraphName } from '../../platform/service.ts';
import { anonymous, type Viewer } from '../../platform/viewer.ts';
import { migratedDatabase, type TestDatabase } from './databases.ts';
import { eventually } from './eventually.ts';

/** Every subgraph and no gateway: for whoever asks them through the kit alone. */
export const SERVICES: readonly ServiceName[] = SUBGRAPHS;
/** Everything, as `npm start` starts it. */
export const WHOLE: readonly ServiceName[] = [...SUBGRAPHS, 'gateway'];

export interface Kit {
  atlas: Atlas;
  database: TestDatabase;
  letters: Letter[];
  events: Envelope[];
  /** Everything that was logged, one JSON text a line. */
  logged: string[];
  ask(service: SubgraphName, document: string, variables?: Record<string, unknown>, viewer?: Viewer, request?: Partial<RequestInfo>): Promise<GraphAnswer>;
  /** The newest letter to this address, once it is there. */
  letterTo(address: string, count?: number): Promise<Letter>;
  /** The events of this type, once there are that many. */
  eventsOf(type: string, count?: number): Promise<Envelope[]>;
  /** The event of this type about this subject, once it is there. */
  eventAbout(type: string, subject: string): Promise<Envelope>;
  stop(): Promise<void>;
}

export async function startServices(names: readonly ServiceName[], given: { env?: Record<string, string>; override?: Partial<Resources>; parts?: Parts; database?: TestDatabase } = {}): Promise<Kit> {
  const database = given.database ?? await migratedDatabase();
  const data = mkdtempSync(join(tmpdir(), 'atlas-test-'));
  const letters: Letter[] = [];
  const events: Envelope[] = [];
  const logged: string[] = [];
  const mail: Mail = { send: async (letter) => void letters.push(letter), close: async () => undefined };
  // Any free port: several suites run at once.
  const ports = Object.fromEntries(SUBGRAPHS.map((name) => [`${name.toUpperCase()}_PORT`, '0']));
  const settings = readSettings({ ...ports, DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl, ATLAS_DATA: data, PORT: '0', DRAIN_NOTICE_MS: '100', LOG_LEVEL: 'debug', ...given.env });
  const atlas = await startAtlas({
    names, settings, ...(given.parts && { parts: given.parts }),
    log: openLog({ level: 'debug', pretty: false, destination: { write: (line) => void logged.push(line) } }),
    override: { mail, ...given.override },
  });

  atlas.bus.tail(['*'], async (event) => void events.push(event), '0');
  return {
    atlas, database, letters, events, logged,
    ask(service, document, variables = {}, viewer = anonymous, request = {}) {
      const info: RequestInfo = { requestId: newId('req'), address: '192.0.2.1', userAgent: 'test', idempotencyKey: null, ...request };
      return withRequest(info, () => atlas.services.get(service)!.graph.answer({ document, variables, viewer }));
    },
    letterTo: (address, count = 1) => eventually(`${count} letter(s) to ${address}`, () => {
      const mine = letters.filter((letter) => letter.to === address);
      return mine.length >= count ? mine.at(-1)! : null;
    }),
    eventsOf: (type, count = 1) => eventually(`${count} event(s) ${type}`, () => {
      const found = events.filter((event) => event.type === type);
      return found.length >= count ? found : null;
    }),
    eventAbout: (type, subject) => eventually(`${type} about ${subject}`, () => events.find((event) => event.type === type && event.subject === subject)),
    async stop() {
      await atlas.stop();
      await database.drop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}
