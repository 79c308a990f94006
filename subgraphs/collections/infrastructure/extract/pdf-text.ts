/** The text of a PDF, page after page. Nothing is drawn, run or fetched; the tables for Asian scripts lie beside the library. */
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { getDocument, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { AtlasError } from '../../../../platform/errors.ts';

const LIBRARY = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
const beside = (folder: string) => join(LIBRARY, folder) + sep;

export async function textOfPdf(data: Uint8Array, charsMax: number): Promise<{ text: string; truncated: boolean; title: string }> {
  const loading = getDocument({
    data, verbosity: VerbosityLevel.ERRORS, isEvalSupported: false, useSystemFonts: false, disableFontFace: true, enableXfa: false, useWorkerFetch: false,
    cMapUrl: beside('cmaps'), cMapPacked: true, standardFontDataUrl: beside('standard_fonts'),
  });
  try {
    const document = await loading.promise;
    const { info } = await document.getMetadata();
    const pages: string[] = [];
    let chars = 0;
    let number = 1;
    for (; number <= document.numPages && chars <= charsMax; number += 1) {
      const page = await document.getPage(number);
      const { items } = await page.getTextContent();
      const text = items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('').trim();
      if (text) pages.push(text);
      chars += text.length;
      page.cleanup();
    }
    const title = (info as { Title?: unknown }).Title;
    return { text: pages.join('\n\n'), truncated: number <= document.numPages, title: typeof title === 'string' ? title.trim() : '' };
  } catch (cause) {
    throw (cause as Error).name === 'PasswordException' ? new AtlasError('FILE_ENCRYPTED', undefined, { cause }) : new AtlasError('FILE_UNREADABLE', 'This PDF is broken.', { cause });
  } finally {
    await loading.destroy();
  }
}
