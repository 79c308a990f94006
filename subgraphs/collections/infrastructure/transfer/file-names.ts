/** Names for files that every system takes, each once: some systems do not tell `A` from `a`, nor two spellings of `é`. */
const NAME_BYTES_MAX = 120;
/** Names of devices on Windows, with whatever ending. */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?$/i;
const UNSAFE = /[<>:"/\\|?*\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]+/gu;

export class FileNames {
  private readonly taken = new Set<string>();

  /** The title as far as it can be a name; the id is put behind where that is taken. */
  nameFor(title: string, id: string, extension: string): string {
    const stem = stemOf(title) || id;
    let name = `${stem}.${extension}`;
    while (this.taken.has(folded(name))) name = `${name.slice(0, -extension.length - 1)} (${id}).${extension}`;
    this.taken.add(folded(name));
    return name;
  }
}

const folded = (name: string): string => name.normalize('NFKC').toUpperCase().toLowerCase();

function stemOf(title: string): string {
  const plain = cut(title.normalize('NFC').replace(UNSAFE, '-')).replace(/\s+/gu, ' ').replace(/^[\s.-]+|[\s.]+$/gu, '');
  return DEVICE.test(plain) ? `${plain.replace('.', '-')}-` : plain;
}

function cut(text: string): string {
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > NAME_BYTES_MAX) break;
    kept += character;
  }
  return kept;
}
