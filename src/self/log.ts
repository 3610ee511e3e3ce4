import { pino, type DestinationStream, type Logger } from 'pino';

export interface LogOptions {
  readonly level: string;
}

/**
 * Lemni's own log: one JSON object a line on stderr. Levels: error = somebody should look (none in a healthy
 * system), warn = Lemni coped, info = a few lines in a process's life, debug = what happened, never an item each.
 */
export function createLogger(options: LogOptions, destination?: DestinationStream): Logger {
  const settings = {
    level: options.level,
    base: { service: 'lemni' },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    redact: {
      paths: [
        '*.password',
        '*.token',
        '*.key',
        '*.secret',
        '*.authorization',
        '*.cookie',
        'headers.authorization',
        'headers.cookie',
      ],
      censor: '<secret>',
    },
  };
  return pino(settings, destination ?? pino.destination({ dest: 2, sync: true }));
}

export type { Logger };
