import { Command } from 'commander';
import { stringify } from 'yaml';
import type { CliContext } from './context.js';

export function configCommand({ terminal, config }: CliContext): Command {
  const command = new Command('config').description('the configuration');
  command
    .command('check')
    .description('says what is wrong and where; prints the configuration as it would be used, secrets hidden')
    .action(() => {
      const loaded = config();
      terminal.out('# The configuration is right. As it would be used (durations in ms, sizes in bytes):');
      terminal.out(stringify(JSON.parse(JSON.stringify(loaded))).trimEnd());
    });
  return command;
}
