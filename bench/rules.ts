import { runWorker, temporaryDirectory } from './process.js';
import { median, round, type Section } from './report.js';
import type { KindTimes, RulesTask } from './workers/rules.js';

const intervalMs = 15_000;

/** 1,000 rules of each kind, evaluated every 15 s of telemetry's time. */
export async function benchRules(options: Omit<RulesTask, 'dataDir' | 'rules'>): Promise<Section> {
  const directory = temporaryDirectory();
  const task: RulesTask = { ...options, dataDir: directory.path, rules: 1000 };
  const kinds = await runWorker<KindTimes[]>('rules', task);
  directory.remove();
  const usual = (values: readonly number[]): number => median(values.slice(1));
  const shares = kinds.map(({ cpuMs }) => usual(cpuMs) / intervalMs);
  return {
    title: '1,000 rules of each kind every 15 s',
    how: `${options.minutes} minutes of ${options.perSecond} spans and as many log records a second of 28 services, 2,000 series and 5,000 feedbacks; nine of ten rules look at 5 minutes, the rest at an hour, and every search of a \`logs\` rule is another. ${options.cycles} evaluations one after another as if 15 s apart, questions and states without writing; the first, which reads whole windows, is told apart. CPU is that of the whole process, all threads.`,
    figures: kinds.flatMap(({ kind, ms, cpuMs, failed, breached }, i) => {
      const share = shares[i] ?? 0;
      return [
        {
          what: `${kind}: share of one core`,
          value: `${round(share * 100)} % (${round(usual(cpuMs))} ms of CPU an evaluation)`,
          target: 'at most 25 %',
          met: share <= 0.25,
        },
        {
          what: `${kind}: an evaluation`,
          value: `${round(usual(ms))} ms (worst ${round(Math.max(...ms.slice(1)))} ms, the first ${round(ms[0] ?? 0)} ms); ${round(breached / options.cycles)} alerts, ${failed} rules failed`,
        },
      ];
    }),
  };
}
