import { openWorld } from './open-world.ts';
import { openOurs } from './ours.ts';
import { randomFrom, randomQuestion } from './queries.ts';
import { difference } from './compare.ts';
import { shrink } from './shrink.ts';
import { WORLDS } from './worlds/index.ts';
const only = process.argv[2]; const n = Number(process.argv[3] ?? 200); const seed0 = Number(process.argv[4] ?? 1); const max = Number(process.argv[5] ?? 5);
for (const world of WORLDS.filter((w) => only === 'all' || w.name === only)) {
  const opened = openWorld(world); const ours = await openOurs(opened);
  let bad = 0; let t = Date.now(); const kinds = new Map<string, number>();
  const check = async (q: any) => { opened.reset(); const expected = await opened.monolith.answer(q); opened.reset(); const possible = await opened.monolith.possible(q); opened.reset(); let a: any; try { a = await ours.answer(q); } catch (e: any) { return 'threw ' + (process.env.STACK ? e.stack : e.message); } const d = difference({ expected, possible }, a, true); if (d) return d; opened.reset(); const b = await ours.answerText(q); return (difference({ expected, possible }, b, true) ?? null) && 'text: ' + difference({ expected, possible }, b, true); };
  const kindOf = (d: string | null) => d === null ? '' : d.startsWith('data') ? 'data' : d.replace(/"[^"]*"/g, '').slice(0, 60);
  for (let i = 0; i < n; i++) {
    const q = randomQuestion(opened.apiSchema, randomFrom(seed0 * 100000 + i), { shadows: !process.env.PLAIN, kind: world.name === 'changes' && i % 2 ? 'mutation' : 'query' });
    const t0 = Date.now(); const d = await check(q); if (Date.now() - t0 > 3000) console.log('slow', i, Date.now() - t0);
    if (d && !(process.env.NOORDER && d.startsWith('keys'))) { bad++; const k = kindOf(d); kinds.set(k, (kinds.get(k) ?? 0) + 1); if ((kinds.get(k) ?? 0) <= max) { const s = await shrink(opened.apiSchema, q, async (x) => kindOf(await check(x)) === k); console.log(`--- ${world.name} #${i}\n${s.document}\n${JSON.stringify(s.variables)}\n${await check(s)}`); if (process.env.PLAN) try { console.log(await ours.plan(s)); } catch {} } }
  }
  console.log(world.name, 'bad', bad, 'of', n, Date.now() - t, 'ms', [...kinds]);
  await ours.stop();
}
