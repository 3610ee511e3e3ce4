import { Command, Option } from 'commander';
import { keyScopes, roles, type KeyScope, type Role } from '../http/contract/accounts.js';
import type { CliContext } from './context.js';
import { table, when } from './output.js';
import { withAccounts } from './state-command.js';

export function keysCommand({ terminal, config }: CliContext): Command {
  const keys = new Command('keys').description('keys that machines show: create, list, revoke');
  keys
    .command('create')
    .description('makes a key and prints it, this once')
    .addOption(new Option('--scope <scope>', 'what it may do').choices([...keyScopes]).makeOptionMandatory())
    .addOption(new Option('--role <role>', 'for scope api: the most it may do').choices([...roles]))
    .option('--name <name>', 'what it is for', 'from the command line')
    .action(async (flags: { scope: KeyScope; role?: Role; name: string }) => {
      const { key } = await withAccounts(config(), (accounts) =>
        accounts.keys.create({ name: flags.name, scope: flags.scope, role: flags.role, by: 'cli' }),
      );
      terminal.err(
        `A key of scope ${flags.scope} for "${flags.name}". It is not shown again; send it as "Authorization: Bearer KEY".`,
      );
      terminal.out(key);
    });
  keys
    .command('list')
    .description('lists all keys, without the keys themselves')
    .action(async () => {
      const rows = await withAccounts(config(), (accounts) => accounts.keys.list());
      const lines = rows.map((row) => [
        row.id,
        row.name,
        row.scope === 'api' ? `api (${row.role})` : row.scope,
        row.hint,
        when(row.created_at),
        when(row.last_used_at),
        row.revoked_at === null ? '' : `revoked ${when(row.revoked_at)}`,
      ]);
      terminal.out(table(['ID', 'NAME', 'SCOPE', 'BEGINS', 'CREATED', 'LAST USED', ''], lines));
    });
  keys
    .command('revoke')
    .argument('<id>', 'as `lemni keys list` shows it')
    .description('ends a key; a running server knows within 15 seconds')
    .action(async (id: string) => {
      await withAccounts(config(), (accounts) => accounts.keys.revoke(id, 'cli'));
      terminal.out(`The key ${id} is revoked.`);
    });
  return keys;
}
