import { send, untilStored } from './ingest.js';
import { startLemni, temporaryDirectory, usageOf } from './process.js';
import { median, round, type Section } from './report.js';

const mebibyte = 1024 ** 2;

/** Start to ready, and memory: idle, and under load for minutes. */
export async function benchLife(options: { readonly minutes: number }): Promise<Section> {
  const starts: number[] = [];
  const directory = temporaryDirectory();
  for (let i = 0; i < 5; i++) {
    const lemni = await startLemni(directory.path);
    starts.push(lemni.readyMs);
    await lemni.stop();
  }
  const lemni = await startLemni(directory.path);
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  const idle = usageOf(lemni.pid).residentBytes / mebibyte;
  const samples: number[] = [];
  const spool: number[] = [];
  const sampling = setInterval(() => {
    samples.push(usageOf(lemni.pid).residentBytes / mebibyte);
    void fetch(`${lemni.url}/metrics`)
      .then((answer) => answer.text())
      .then((text) =>
        spool.push(Number(/^lemni_store_spool_bytes(?:\{[^}]*\})? (\S+)$/m.exec(text)?.[1] ?? 0) / mebibyte),
      );
  }, 2000);
  const sent = await send(lemni, { signal: 'logs', seconds: options.minutes * 60, rate: 20_000 });
  clearInterval(sampling);
  await untilStored(lemni);
  await lemni.stop();
  directory.remove();
  const third = Math.floor(samples.length / 3);
  const growth = median(samples.slice(-third)) / median(samples.slice(third, 2 * third));
  return {
    title: 'Start and memory',
    how: `Five starts on the same data, from the command to /-/ready; then resident memory 10 s after a start, and while 20,000 log records a second come in for ${options.minutes} minutes.`,
    figures: [
      {
        what: 'start to ready, median',
        value: `${round(median(starts))} ms`,
        target: 'within 3 s',
        met: median(starts) <= 3000,
      },
      { what: 'start to ready, worst', value: `${round(Math.max(...starts))} ms` },
      {
        what: 'resident, idle',
        value: `${round(idle)} MiB`,
        target: 'under 450 MB',
        met: idle * mebibyte < 450e6,
      },
      { what: 'resident under load, median', value: `${round(median(samples))} MiB` },
      { what: 'resident under load, most', value: `${round(Math.max(...samples))} MiB` },
      {
        what: 'last third over the middle third',
        value: round(growth),
        target: 'no growth (1.05)',
        met: growth <= 1.05,
      },
      { what: 'bytes waiting on disk, most', value: `${round(Math.max(...spool))} MiB` },
      { what: 'records acknowledged', value: round(sent.acknowledged) },
      { what: 'records refused', value: String(sent.refused), target: '0', met: sent.refused === 0 },
    ],
  };
}
