import { Button, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Key, KeyScope, Role } from '../../../../src/http/contract/accounts.js';
import type { List } from '../../../../src/http/contract/common.js';
import { api } from '../../api/client.js';
import { useCan } from '../../api/session.js';
import { useApi } from '../../api/use-api.js';
import { Ago } from '../../ui/ago.js';
import { ConfirmButton } from '../../ui/confirm-button.js';
import { CopyLine } from '../../ui/copy-line.js';
import { Empty } from '../../ui/empty.js';
import { ErrorBox } from '../../ui/error-box.js';
import { TableSkeleton } from '../../ui/skeletons.js';
import { failed } from '../../ui/toast.js';
import { roleChoices } from './roles.js';
import { useNewKey } from './use-new-key.js';

const scopes: readonly { value: KeyScope; label: string }[] = [
  { value: 'ingest', label: 'ingest: writes everything, reads nothing' },
  { value: 'public', label: 'public: stands in web pages, sends feedback' },
  { value: 'api', label: 'api: reads and acts, with a role' },
];

export function KeysTab() {
  if (!useCan('admin'))
    return <Empty title="Keys are for admins.">Ask one of them for a key, or for the role.</Empty>;
  return (
    <>
      <KeyForm />
      <KeyTable />
    </>
  );
}

function KeyForm() {
  const make = useNewKey();
  const [name, setName] = useState('');
  const [scope, setScope] = useState<KeyScope>('ingest');
  const [role, setRole] = useState<Role>('viewer');
  return (
    <>
      <form
        className="settings-form"
        onSubmit={(event) => {
          event.preventDefault();
          const input = { name: name.trim(), scope };
          make.mutate(scope === 'api' ? { ...input, role } : input, { onSuccess: () => setName('') });
        }}
      >
        <TextInput
          label="Name"
          placeholder="Where it will be used"
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label="What it may do"
          allowDeselect={false}
          w={300}
          value={scope}
          data={[...scopes]}
          onChange={(value) => setScope(scopes.find((one) => one.value === value)?.value ?? 'ingest')}
        />
        {scope === 'api' ? (
          <Select
            label="Role"
            allowDeselect={false}
            w={220}
            value={role}
            data={[...roleChoices]}
            onChange={(value) => setRole(roleChoices.find((one) => one.value === value)?.value ?? 'viewer')}
          />
        ) : null}
        <Button type="submit" size="sm" loading={make.isPending} disabled={name.trim() === ''}>
          Create the key
        </Button>
      </form>
      {make.error ? <ErrorBox what="The key could not be created." error={make.error} /> : null}
      {make.data ? (
        <div className="settings-note" data-good role="status">
          <p>
            This is the key &quot;{make.data.name}&quot;. It is shown now and never again: copy it to where it
            will be used.
          </p>
          <CopyLine text={make.data.key} label="Copy the key" />
        </div>
      ) : null}
    </>
  );
}

function KeyTable() {
  const { data, error, refetch } = useApi<List<Key>>('/api/keys');
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: (id: string) => api.delete(`/api/keys/${encodeURIComponent(id)}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['/api/keys'] }),
    onError: (why) => failed('The key could not be revoked.', why),
  });
  if (error && !data)
    return <ErrorBox what="The keys could not be loaded." error={error} retry={() => void refetch()} />;
  return (
    <div className="card table-scroll">
      {!data ? (
        <TableSkeleton rows={4} />
      ) : data.items.length === 0 ? (
        <Empty title="There is no key yet.">Senders on the same machine need none.</Empty>
      ) : (
        <table className="table settings-table">
          <thead>
            <tr>
              <th>Name</th>
              <th>May</th>
              <th>Begins with</th>
              <th>Created</th>
              <th>Last used</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {data.items.map((key) => (
              <tr key={key.id} data-over={key.revokedAt !== null}>
                <td data-column="name" className="grow" title={`by ${key.createdBy}`}>
                  {key.name}
                </td>
                <td data-column="may">{key.role === null ? key.scope : `${key.scope}, ${key.role}`}</td>
                <td data-column="hint">
                  <code>{key.hint}</code>
                </td>
                <td data-column="created">
                  <Ago at={key.createdAt} />
                </td>
                <td data-column="used">
                  {key.lastUsedAt === null ? (
                    <span className="muted">never</span>
                  ) : (
                    <Ago at={key.lastUsedAt} />
                  )}
                </td>
                <td data-column="do" className="right">
                  {key.revokedAt !== null ? (
                    <Ago at={key.revokedAt} prefix="revoked " />
                  ) : (
                    <ConfirmButton
                      word="Revoke"
                      sure="Revoke for good"
                      busy={revoke.isPending && revoke.variables === key.id}
                      onConfirm={() => revoke.mutate(key.id)}
                    />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
