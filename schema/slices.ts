/**
 * The slices of this repository, loaded one by one and as SDL. Only classes are loaded, so nothing here needs a database
 * or a setting; loading one service never loads another.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { printSlice, type Slice } from '../platform/graph.ts';
import { SUBGRAPHS, type ServiceName } from '../platform/service.ts';
import type { Sdl } from './compose.ts';

export const ROOT = join(import.meta.dirname, '..');

/** The slices of the named services, in the order of their names; a service that has none yet is left out. */
export async function loadSlices(names: readonly ServiceName[] = SUBGRAPHS, root = ROOT): Promise<Slice[]> {
  const slices: Slice[] = [];
  for (const name of [...names].sort()) {
    const entry = join(root, 'subgraphs', name, 'index.ts');
    if (!existsSync(entry)) continue;
    slices.push(((await import(pathToFileURL(entry).href)) as { slice: Slice }).slice);
  }
  return slices;
}

/** What is composed: every subgraph's slice, and the gateway's own, which is written as SDL because it has no resolvers of classes. */
export async function printSlices(root = ROOT): Promise<Sdl[]> {
  const printed: Sdl[] = (await loadSlices(SUBGRAPHS, root)).map((slice) => ({ name: slice.name, sdl: printSlice(slice) }));
  const gateway = join(root, 'gateway', 'slice.ts');
  if (existsSync(gateway)) {
    const { gatewaySlice } = (await import(pathToFileURL(gateway).href)) as { gatewaySlice: () => string };
    printed.push({ name: 'gateway', sdl: gatewaySlice() });
  }
  return printed.sort((a, b) => (a.name < b.name ? -1 : 1));
}
