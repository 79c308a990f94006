/**
 * The text of a query plan as a tree that can be drawn. A step is a word with what it concerns in brackets and its
 * steps in braces; a fetch holds documents instead. What cannot be read so is still shown as text.
 */
const STEP = /^([A-Z]\w*)\s*(?:\((.*)\))?\s*\{$/;
const DEPTH_MAX = 50;

/** { name, about, steps, document } or null. */
export function readPlan(text) {
  if (/^\s*QueryPlan\s*\{\s*\}\s*$/.test(text)) return { name: 'QueryPlan', about: '', steps: [], document: '' };
  const lines = text.split('\n').map((line) => line.replace(/\s+$/, '')).filter((line) => line.trim() !== '');
  let at = 0;

  const step = (depth) => {
    const [, name, about = ''] = STEP.exec(lines[at]?.trim() ?? '') ?? [];
    if (!name || depth > DEPTH_MAX) return null;
    at += 1;
    const read = { name, about: about.replaceAll('"', ''), steps: [], document: '' };
    const held = [];
    while (at < lines.length && !/^\},?$/.test(lines[at].trim())) {
      if (STEP.test(lines[at].trim())) {
        const inner = step(depth + 1);
        if (!inner) return null;
        read.steps.push(inner);
      } else {
        held.push(...block());
      }
    }
    if (at >= lines.length) return null;
    at += 1;
    read.document = outdent(held);
    return read;
  };

  /** A document in braces, or one line that opens none. */
  const block = () => {
    const from = at;
    for (let open = 0; at < lines.length; ) {
      open += count(lines[at], '{') - count(lines[at], '}');
      at += 1;
      if (open <= 0) break;
    }
    return lines.slice(from, at);
  };

  const plan = step(0);
  return plan && at === lines.length ? plan : null;
}

const count = (line, brace) => line.split(brace).length - 1;

function outdent(lines) {
  const margin = Math.min(...lines.map((line) => line.length - line.trimStart().length));
  return lines.map((line) => line.slice(margin)).join('\n');
}

const WORDS = { Sequence: 'One after the other', Parallel: 'At the same time', Primary: 'First', Deferred: 'Later', Subscription: 'A stream', Rest: 'For each event' };

/** What people call a step. */
export function titleOf({ name, about }) {
  if (name === 'Fetch') return `Ask ${/service: ?([\w-]+)/.exec(about)?.[1] ?? 'a service'}`;
  if (name === 'Flatten') return `For each ${/path: ?([^,\s]+)/.exec(about)?.[1] ?? 'one'}`;
  return WORDS[name] ?? `${name} ${about}`.trim();
}
