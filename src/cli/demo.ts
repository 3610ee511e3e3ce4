import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { BadInput } from '../lib/errors.js';
import type { ServeProcess } from './serve.js';

/** The demo is a program of its own beside Lemni, since it starts one. From dist/src/cli. */
const main = fileURLToPath(new URL('../../demo/main.js', import.meta.url));

interface Flags {
  readonly once?: boolean;
  readonly port?: string;
  readonly dataDir?: string;
}

export function demoCommand(process: ServeProcess): Command {
  return new Command('demo')
    .description('a shop with a bad release, noticed, explained, planned and fixed within three minutes')
    .option('--once', 'ends by itself: 0 when every station was seen, else 1')
    .action((_, command: Command) => {
      if (!existsSync(main))
        throw new BadInput(
          'not_found',
          'The demo is not part of this installation. Clone the project and run it there.',
        );
      const { once, port, dataDir } = command.optsWithGlobals<Flags>();
      const args = [
        ...(once === true ? ['--once'] : []),
        ...(port === undefined ? [] : ['--port', port]),
        ...(dataDir === undefined ? [] : ['--data-dir', dataDir]),
      ];
      const demo = spawn(process.execPath, ['--enable-source-maps', main, ...args], { stdio: 'inherit' });
      // Ctrl-C reaches the demo by itself, since it is of the same terminal; it ends, and this with it.
      process.onSignal('SIGINT', () => undefined);
      process.onSignal('SIGTERM', () => demo.kill('SIGTERM'));
      demo.on('exit', (code) => process.exit(code ?? 1));
    });
}
