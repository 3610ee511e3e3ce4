import type { Config } from '../../config/schema.js';
import type { Terminal } from './output.js';

/** What every command is given. */
export interface CliContext {
  readonly terminal: Terminal;
  /** Reads the configuration when it is first asked for, so that `--help` works beside a broken file. */
  readonly config: () => Config;
  /** One line of standard input, without its end. */
  readonly readLine: () => Promise<string>;
}
