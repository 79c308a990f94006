import { openWorld } from './open-world.ts';
import { openReference } from './reference.ts';
import { randomFrom, randomQuestion } from './queries.ts';
import { difference } from './compare.ts';
import { shrink } from './shrink.ts';
import { WORLDS } from './worlds/index.ts';
const only = process.argv[2]; const n = Number(process.argv[3] ?? 200); const seed0 = Number(process.argv[4] ?? 1); const max = Number(process.argv[5] ?? 5);
for (const world of WORLDS.filter((w) => only === 'all' || w.name === only)) {
  const opened = openWorld(world); const ref = await openReference(opened);
  const seen = new Map<string, number>(); let bad = 0; let t = Date.now();
  const check = async (q: any) => { opened.reset(); const expected = await opened.monolith.answer(q); opened.reset(); const possible = await opened.monolith.possible(q); opened.reset(); let a: any; try { a = await ref.answer(q); } catch (e: any) { return 'threw ' + e.message; } return difference({ expected, possible }, { data: a.data, errors: [...(a.errors ?? []), ...a.completion] }, false); };
  for (let i = 0; i < n; i++) {
    const q = randomQuestion(opened.apiSchema, randomFrom(seed0 * 100000 + i), { kind: world.name === "changes" && i % 2 ? "mutation" : "query" });
    const d = await check(q);
    if (d) { bad++; if (bad <= max) { const s = await shrink(opened.apiSchema, q, async (x) => (await check(x)) !== null); console.log(`--- ${world.name} #${i}\n${s.document}\n${JSON.stringify(s.variables)}\n${await check(s)}`); if (process.env.PLAN) console.log(ref.plan(s)); } }
  }
  console.log(world.name, 'bad', bad, 'of', n, Date.now() - t, 'ms');
  await ref.stop();
}
