import { createInterface } from 'node:readline/promises';
import { environment, loadConfig } from '../config/load.js';
import type { Config } from '../config/schema.js';
import { explain } from './cli/output.js';
import { createProgram } from './cli/program.js';

/** The command line, and the only place that exits. */
const terminal = {
  out: (line: string) => void process.stdout.write(`${line}\n`),
  err: (line: string) => void process.stderr.write(`${line}\n`),
};

let loaded: Config | undefined;

function config(): Config {
  const { config: file, host, port, grpcPort, dataDir } = program.opts<Record<string, string | undefined>>();
  const flags = { host, port, grpcPort, dataDir };
  const env = environment();
  return (loaded ??= loadConfig({ env: file === undefined ? env : { ...env, LEMNI_CONFIG: file }, flags }));
}

async function readLine(): Promise<string> {
  const lines = createInterface({ input: process.stdin });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
  }
}

const program = createProgram(
  { terminal, config, readLine },
  {
    execPath: process.execPath,
    onSignal: (signal, handle) => void process.on(signal, handle),
    exit: (code) => process.exit(code),
  },
);

program.parseAsync().catch((error: unknown) => {
  terminal.err(explain(error));
  process.exit(1);
});
