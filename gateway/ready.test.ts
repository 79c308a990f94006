import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLog } from '../platform/log.ts';
import { eventually } from '../test/kit/eventually.ts';
import { startServices, type Kit, WHOLE } from '../test/kit/services.ts';
import { planned } from './policy/documents.ts';

const DOCUMENTS = 150;
const folder = mkdtempSync(join(tmpdir(), 'atlas-ready-'));
let kit: Kit | undefined;
afterAll(async () => {
  await kit?.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('a gateway is ready once its trusted documents are planned, and not before', async () => {
  const file = join(folder, 'trusted.json');
  writeFileSync(file, JSON.stringify(Object.fromEntries(Array.from({ length: DOCUMENTS }, (_, n) => [`d${n}`, `query D${n} { me { id name } tenants(first: ${(n % 100) + 1}) { nodes { id name } } }`]))));
  kit = await startServices(WHOLE, { env: { TRUSTED_DOCUMENTS: file } });
  const ready = async () => {
    const response = await fetch(`${kit!.atlas.url}/ready`);
    return { status: response.status, ...(await response.json() as { detail: { gateway: string } }), planned: kit!.logged.join('').includes('The trusted documents are planned.') };
  };
  // It listens already, and says what it is waiting for.
  expect(await ready()).toMatchObject({ status: 503, detail: { gateway: 'planning trusted documents' }, planned: false });
  const first = await eventually('it to be ready', async () => { const now = await ready(); return now.status === 200 && now; });
  expect(first).toMatchObject({ detail: { gateway: 'ready' } });
  // What is logged is read a moment after it is said.
  await eventually('it to be logged', async () => (await ready()).planned);
});

describe('planning trusted documents', () => {
  const logged: string[] = [];
  const log = openLog({ level: 'info', pretty: false, destination: { write: (line) => void logged.push(line) } });

  it('keeps nobody from being ready for ever', async () => {
    await planned({ prepare: () => new Promise(() => undefined) }, [{ id: 'never', text: '{ never }' }], log, 50);
    expect(logged.join('')).toContain('The trusted documents are not all planned yet');
  });

  it('goes on when the schema does not fit one of them', async () => {
    await planned({ prepare: async () => { throw new Error('No such field.'); } }, [{ id: 'bad', text: '{ bad }' }], log);
    expect(logged.join('')).toContain('"document":"bad"');
    expect(logged.join('')).toContain('The trusted documents are planned.');
  });
});
