import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { benchIngest } from './ingest.js';
import { benchLife } from './life.js';
import { root } from './process.js';
import { benchReaction } from './reaction.js';
import { benchReads } from './reads.js';
import { benchImport, benchVerdicts } from './releases.js';
import { benchRules } from './rules.js';
import { toMarkdown, type Section } from './report.js';

const program = new Command('bench')
  .description('Measures Lemni beside the engine alone, prints it and writes docs/benchmarks.md.')
  .option('--only <names>', 'some of ingest, reads, life, reaction, releases, rules')
  .option('--quick', 'short runs, for a look; nothing is written');

async function main(): Promise<void> {
  const { only, quick = false } = program.parse().opts<{ only?: string; quick?: boolean }>();
  const wanted = (name: string): boolean => only === undefined || only.split(',').includes(name);
  const [cpu] = cpus();
  const machine = `${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 1024 ** 3)} GiB, Node ${process.versions.node}`;
  const file = join(root, 'docs/benchmarks.md');
  // A whole run begins anew; a part of it takes the place of what was measured before.
  const written = only === undefined || !existsSync(file) ? '' : readFileSync(file, 'utf8');
  const sections: Section[] = [];
  const add = (...more: readonly Section[]): void => {
    for (const section of more) {
      sections.push(section);
      print(section);
      // After each, so that a run that is broken off leaves what it measured.
      if (!quick) writeFileSync(file, toMarkdown(sections, machine, written));
    }
  };
  if (wanted('ingest')) {
    const options = quick ? { seconds: 5, rounds: 1 } : { seconds: 15, rounds: 2 };
    add(await benchIngest('logs', options));
    add(await benchIngest('traces', options));
  }
  if (wanted('reads'))
    add(...(await benchReads(quick ? { logs: 500_000, seconds: 5 } : { logs: 10_000_000, seconds: 20 })));
  if (wanted('reaction')) {
    // One second, and the interval that Lemni comes with.
    for (const intervalMs of quick ? [1000] : [1000, 15_000]) {
      add(await benchReaction({ intervalMs, rounds: quick ? 30 : intervalMs === 1000 ? 200 : 100 }));
    }
  }
  if (wanted('releases')) {
    add(...(await benchImport(quick ? 1000 : Infinity)));
    add(await benchVerdicts(quick ? 5_000_000 : 10_000_000));
  }
  if (wanted('rules'))
    add(
      await benchRules(
        quick ? { minutes: 70, perSecond: 100, cycles: 5 } : { minutes: 180, perSecond: 230, cycles: 20 },
      ),
    );
  if (wanted('life')) add(await benchLife({ minutes: quick ? 0.2 : 5 }));
}

function print({ title, figures }: Section): void {
  console.log(`\n${title}`);
  for (const { what, value, target, met } of figures) {
    const judged =
      met === undefined ? '' : met ? `  (goal ${target ?? ''}: met)` : `  (goal ${target ?? ''}: SHORT)`;
    console.log(`  ${what}: ${value}${judged}`);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
