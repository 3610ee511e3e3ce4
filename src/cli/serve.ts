import { Command } from 'commander';
import type { CliContext } from './context.js';

/** Exits by itself only after `stopped` resolved; a second signal ends it at once. */
export interface ServeProcess {
  /** The Node that runs this. */
  readonly execPath: string;
  onSignal(signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP', handle: () => void): void;
  exit(code: number): void;
}

export function serveCommand({ terminal, config }: CliContext, process: ServeProcess): Command {
  return new Command('serve').description('starts Lemni').action(async () => {
    const started = performance.now();
    const loaded = config();
    // Here and not above: the other commands start in a third of the time without the engine.
    const { createApp } = await import('../app.js');
    const app = await createApp(loaded);
    let stopping = false;
    const stop = (): void => {
      if (stopping) process.exit(1);
      stopping = true;
      terminal.err('Stopping: finishing what was accepted (again to end at once).');
      app.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          terminal.err(String(error));
          process.exit(1);
        },
      );
    };
    process.onSignal('SIGTERM', stop);
    process.onSignal('SIGINT', stop);
    process.onSignal('SIGHUP', () => void app.reload());
    const ready = await app.start();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    terminal.out(`Lemni ${ready.version} is ready (${seconds} s).`);
    terminal.out(`  Dashboard    ${ready.url}`);
    if (ready.loginUrl !== undefined) terminal.out(`  Log in once  ${ready.loginUrl}`);
    terminal.out(`  Send OTLP    ${ready.url} (HTTP), ${ready.grpcAddress} (gRPC)`);
    terminal.out(`  Data         ${loaded.dataDir}`);
  });
}
