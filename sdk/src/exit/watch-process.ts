import { SeverityNumber, type Logger } from '@opentelemetry/api-logs';
import {
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
} from '@opentelemetry/semantic-conventions';

export interface Ending {
  /** Gathers what only asynchronous code can read. Quick: no network. */
  readonly prepare: () => Promise<void>;
  /** Sends everything, synchronously. */
  readonly finish: () => void;
}

/**
 * Records what kills the process and sends what waits when it ends, however it ends, without changing how: no
 * listener here prevents a crash, an exit code, or another listener.
 */
export function watchProcess(logger: Logger, ending: Ending): void {
  process.on('uncaughtExceptionMonitor', (error: unknown, origin: string) => {
    record(logger, error, origin);
  });
  watchRejections(logger);
  process.once('beforeExit', () => void ending.prepare());
  process.on('exit', () => ending.finish());
  for (const signal of ['SIGTERM', 'SIGINT'] as const) watchSignal(signal, ending);
}

/**
 * Only beside a listener of the app's own: without one, an unhandled rejection becomes an uncaught exception, which
 * the monitor sees, and a listener of ours would keep the process alive that should die.
 */
function watchRejections(logger: Logger): void {
  const event = 'unhandledRejection';
  const ours = (reason: unknown): void => record(logger, reason, event);
  process.on('newListener', (name: string | symbol, listener: unknown) => {
    if (name === event && listener !== ours && !process.listeners(event).includes(ours)) {
      process.prependListener(event, ours);
    }
  });
  process.on('removeListener', (name: string | symbol, listener: unknown) => {
    if (name === event && listener !== ours && process.listenerCount(event) === 1) process.off(event, ours);
  });
}

/** Without a listener of the app's own a signal ends the process at once, without an `exit` event. */
function watchSignal(signal: 'SIGTERM' | 'SIGINT', ending: Ending): void {
  const handle = (): void => {
    const alone = process.listenerCount(signal) === 1;
    void ending.prepare().then(() => {
      if (!alone) return;
      ending.finish();
      process.off(signal, handle);
      process.kill(process.pid, signal);
    });
  };
  process.on(signal, handle);
}

function record(logger: Logger, error: unknown, origin: string): void {
  try {
    const thrown =
      error instanceof Error ? error : new Error(typeof error === 'string' ? error : 'not an Error');
    logger.emit({
      eventName: 'exception',
      severityNumber: SeverityNumber.FATAL,
      severityText: 'FATAL',
      body: `${thrown.name}: ${thrown.message}`,
      attributes: {
        [ATTR_EXCEPTION_TYPE]: thrown.name,
        [ATTR_EXCEPTION_MESSAGE]: thrown.message,
        [ATTR_EXCEPTION_STACKTRACE]: thrown.stack ?? '',
        'exception.origin': origin,
      },
    });
  } catch {
    // An error whose properties throw is recorded by nobody.
  }
}
