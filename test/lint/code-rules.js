/**
 * Rules of the house that no published rule set knows. Plain JavaScript, because ESLint loads its configuration without
 * a compiler.
 */

/** The functions around a node, from the inside out, each with the names it goes by. */
function* enclosing(node) {
  for (let at = node.parent; at; at = at.parent) {
    if (!/Function/.test(at.type)) continue;
    const names = [at.id?.name, at.parent?.type === 'VariableDeclarator' ? at.parent.id.name : undefined, at.parent?.type === 'Property' ? at.parent.key.name : undefined];
    yield { fn: at, names: names.filter(Boolean) };
  }
}

/** True for `while (true)` and `for (;;)`. */
const endless = (node) =>
  (node.type === 'WhileStatement' && node.test.type === 'Literal' && node.test.value === true) || (node.type === 'ForStatement' && !node.init && !node.test);
/** A loop that looks at the clock has a deadline. */
const looksAtClock = (text) => /\bDate\.now\(\)|\bperformance\.now\(\)/.test(text);

/** Every repeated task has a name, an interval and an end: `loop` of platform/loop.ts. A deadline or a sleep is no loop. */
export const noHomemadeLoop = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      interval: 'Repeat by loop() of platform/loop.ts: a task has a name, an interval and an end.',
      again: 'A timer that sets itself again is a loop: use loop() of platform/loop.ts.',
      sleep: 'An endless loop that sleeps is a timer: use loop() of platform/loop.ts, or give it a deadline.',
    },
  },
  create(context) {
    const text = (node) => context.sourceCode.getText(node);
    const sleeps = new Set(['sleep']);
    return {
      ImportDeclaration(node) {
        if (!/^(node:)?timers(\/promises)?$/.test(node.source.value)) return;
        for (const { imported, local } of node.specifiers) {
          if (imported?.name === 'setInterval') context.report({ node, messageId: 'interval' });
          if (imported?.name === 'setTimeout') sleeps.add(local.name);
        }
      },
      'CallExpression[callee.name="setInterval"], CallExpression[callee.property.name="setInterval"]'(node) {
        context.report({ node, messageId: 'interval' });
      },
      'CallExpression[callee.name="setTimeout"]'(node) {
        const [callback] = node.arguments;
        if (!callback) return;
        for (const { names } of enclosing(node)) {
          const itself = callback.type === 'Identifier' ? names.includes(callback.name) : names.some((name) => new RegExp(`(^|[^.\\w])${name}\\(`).test(text(callback)));
          if (itself) return context.report({ node, messageId: 'again' });
        }
      },
      AwaitExpression(node) {
        if (node.argument.type !== 'CallExpression' || !sleeps.has(node.argument.callee.name)) return;
        for (let at = node.parent; at && !/Function/.test(at.type); at = at.parent) {
          if (endless(at) && !looksAtClock(text(at))) return context.report({ node, messageId: 'sleep' });
        }
      },
    };
  },
};

/** The environment is read in one place. The entry hands it over unread, and a child process is given the same PATH. */
export const noEnvironment = {
  meta: { type: 'problem', schema: [], messages: { env: 'Only platform/config.ts reads the environment: take a setting from Resources.' } },
  create(context) {
    const report = (node) => context.report({ node, messageId: 'env' });
    return {
      'MemberExpression[object.name="process"][property.name="env"]'(node) {
        const { parent } = node;
        const handedOver = [parent, parent.parent?.parent].some((at) => at?.type === 'CallExpression' && at.callee.name === 'readSettings');
        if (!handedOver && parent.property?.name !== 'PATH') report(node);
      },
      'MemberExpression[object.name="process"][property.value="env"]': report,
      'VariableDeclarator[init.name="process"] > ObjectPattern > Property[key.name="env"]': report,
      'ImportDeclaration[source.value=/^(node:)?process$/] > ImportSpecifier[imported.name="env"]': report,
    };
  },
};
