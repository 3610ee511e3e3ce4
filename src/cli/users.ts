import { Command, Option } from 'commander';
import { roles, UserInput, type Role } from '../http/contract/accounts.js';
import { parse } from '../http/validate.js';
import type { CliContext } from './context.js';
import { table, when } from './output.js';
import { withAccounts } from './state-command.js';

export function usersCommand({ terminal, config, readLine }: CliContext): Command {
  const users = new Command('users').description('people who may log in: list, create');
  users
    .command('list')
    .description('lists the people and their roles')
    .action(async () => {
      const rows = await withAccounts(config(), (accounts) => accounts.users.list());
      const lines = rows.map((row) => [
        row.id,
        row.email,
        row.name,
        row.role,
        when(row.created_at),
        when(row.last_login_at),
      ]);
      terminal.out(table(['ID', 'E-MAIL', 'NAME', 'ROLE', 'CREATED', 'LAST LOGIN'], lines));
    });
  users
    .command('create')
    .argument('<email>')
    .addOption(new Option('--role <role>', 'what they may do').choices([...roles]).default('viewer'))
    .option('--name <name>', 'how they are called', '')
    .description('makes an account; the password is read from standard input')
    .action(async (email: string, flags: { role: Role; name: string }) => {
      terminal.err('Password (at least 10 characters), then Enter:');
      const input = parse(UserInput, {
        email,
        name: flags.name,
        role: flags.role,
        password: await readLine(),
      });
      await withAccounts(config(), (accounts) => accounts.users.create(input, 'cli'));
      terminal.out(`${email} may log in as ${flags.role}.`);
    });
  return users;
}
