import { Command } from 'commander';
import { checkRuleFiles } from '../../alerts/rules/load.js';
import { BadInput } from '../lib/errors.js';
import type { CliContext } from './context.js';

export function rulesCommand({ terminal, config }: CliContext): Command {
  const rules = new Command('rules').description('alert rules');
  rules
    .command('check')
    .argument('[files...]', 'rule files or patterns; those of the configuration otherwise')
    .description('says what is wrong in rule files, with line and reason')
    .action(async (files: string[]) => {
      const { alerts } = config();
      const patterns = files.length > 0 ? files : alerts.rules;
      const checked = await checkRuleFiles(patterns, { intervalMs: alerts.interval });
      for (const { file, line, column, message } of checked.errors) {
        terminal.err(`${[file, line, column].filter((part) => part !== null).join(':')}: ${message}`);
      }
      if (checked.errors.length > 0)
        throw new BadInput(
          'bad_request',
          checked.errors.length === 1 ? 'One mistake.' : `${checked.errors.length} mistakes.`,
        );
      terminal.out(`${checked.rules.length} rules in ${checked.files.length} files are right.`);
      for (const rule of checked.rules) terminal.out(`  ${rule.group} / ${rule.name}`);
    });
  return rules;
}
