/**
 * Where the server listens beside its port: a file in a folder that only whoever runs it may enter. What is said through
 * it costs both sides less of the processor than what goes through a port. A port it has all the same, for the tools and
 * machines that know no such files.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from './postgres-cluster.ts';
import { own, type RunAs } from './postgres-user.ts';

/** What every system's addresses have room for. */
const ADDRESS_MAX = 103;

const folderOf = ({ folder }: Cluster): string => join(folder, 'socket');
const fileOf = (cluster: Cluster, port: number): string => join(folderOf(cluster), `.s.PGSQL.${port}`);

/** The folder for it, or none where there are no such files or its name would be too long. */
export function socketFolder(cluster: Cluster, user: RunAs): string {
  const folder = folderOf(cluster);
  if (process.platform === 'win32' || Buffer.byteLength(fileOf(cluster, 65_535)) > ADDRESS_MAX) return '';
  if (!existsSync(folder)) {
    mkdirSync(folder, { mode: 0o700 });
    own(folder, user);
  }
  return folder;
}

/** What a URL of the server that listens says of it: `host`, as libpq and its kin read it. */
export const socketIn = (cluster: Cluster, port: number): string => (existsSync(fileOf(cluster, port)) ? `?host=${encodeURIComponent(folderOf(cluster))}` : '');
