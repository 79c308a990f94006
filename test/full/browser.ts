/** A headless Chromium of this machine, and everything in it that no page of Atlas may do: ask another host, break its policy, throw. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';

const PLACES = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const STEP_MS = 30_000;

export interface Browser {
  open(path: string, size?: { width: number; height: number }): Promise<Page>;
  context: BrowserContext;
  /** What went against the rules so far. */
  faults: string[];
  close(): Promise<void>;
}

export async function startBrowser(origin: string, colorScheme: 'light' | 'dark' = 'light'): Promise<Browser> {
  const executablePath = PLACES.find((place) => place && existsSync(place));
  if (!executablePath) throw new Error('No Chromium is here: install one, or name it in CHROMIUM.');
  const folder = mkdtempSync(join(tmpdir(), 'atlas-browser-'));
  const context = await chromium.launchPersistentContext(folder, { executablePath, headless: true, args: FLAGS, colorScheme, acceptDownloads: true, permissions: ['clipboard-read', 'clipboard-write'] });
  context.setDefaultTimeout(STEP_MS);
  const faults: string[] = [];
  const own = (url: string) => /^(data|blob|about):/.test(url) || new URL(url.replace(/^ws/, 'http')).origin === origin;
  const watch = (page: Page) => {
    page.on('pageerror', (error) => faults.push(`thrown: ${error.message}`));
    page.on('console', (message) => {
      // A refused request is part of the journey; a policy that was broken is not.
      if (message.type() === 'error' && !/^Failed to load resource: the server responded/.test(message.text())) faults.push(`console: ${message.text()}`);
      else if (/content security policy/i.test(message.text())) faults.push(`policy: ${message.text()}`);
    });
    page.on('request', (request) => { if (!own(request.url())) faults.push(`asked another host: ${request.url()}`); });
    page.on('websocket', (socket) => { if (!own(socket.url())) faults.push(`a socket to another host: ${socket.url()}`); });
  };
  context.on('page', watch);
  for (const page of context.pages()) watch(page);

  return {
    context, faults,
    async open(path, size = { width: 1_280, height: 800 }) {
      const page = await context.newPage();
      await page.setViewportSize(size);
      await page.goto(origin + path);
      return page;
    },
    async close() {
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
