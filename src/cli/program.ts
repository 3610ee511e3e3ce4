import { Command } from 'commander';
import { readVersion } from '../version.js';
import { configCommand } from './config.js';
import type { CliContext } from './context.js';
import { demoCommand } from './demo.js';
import { keysCommand } from './keys.js';
import { rulesCommand } from './rules.js';
import { serveCommand, type ServeProcess } from './serve.js';
import { withAccounts } from './state-command.js';
import { usersCommand } from './users.js';

/** The command line. Flags of the top stand before or after the command. */
export function createProgram(context: CliContext, process: ServeProcess): Command {
  const program = new Command('lemni')
    .description('Self-hosted monitoring and feedback that closes the DevOps loop.')
    .version(readVersion())
    .option('--config <file>', 'the configuration file (LEMNI_CONFIG)')
    .option('--host <address>', 'where to listen (LEMNI_HOST)')
    .option('--port <port>', 'port of the dashboard and of OTLP/HTTP (LEMNI_PORT)')
    .option('--grpc-port <port>', 'port of OTLP/gRPC (LEMNI_GRPC_PORT)')
    .option('--data-dir <path>', 'where everything is kept (LEMNI_DATA_DIR)')
    .showSuggestionAfterError()
    .showHelpAfterError('(lemni --help lists the commands)');
  program.addCommand(serveCommand(context, process));
  program.addCommand(demoCommand(process));
  program.addCommand(configCommand(context));
  program.addCommand(keysCommand(context));
  program.addCommand(usersCommand(context));
  program.addCommand(rulesCommand(context));
  program
    .command('login-link')
    .argument('[email]', 'whose; the first administrator otherwise')
    .description('prints a link that logs in once, within an hour')
    .action(async (email?: string) => {
      const config = context.config();
      const base = config.publicUrl === '' ? `http://${config.host}:${config.port}` : config.publicUrl;
      const { url } = await withAccounts(config, (accounts) => accounts.logins.createLink(base, email));
      context.terminal.out(url);
    });
  return program;
}
