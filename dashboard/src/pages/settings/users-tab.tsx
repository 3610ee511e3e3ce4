import { Select } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { User, UserPatch } from '../../../../src/http/contract/accounts.js';
import type { List } from '../../../../src/http/contract/common.js';
import type { z } from 'zod';
import { api } from '../../api/client.js';
import { useCan, useMe } from '../../api/session.js';
import { useApi } from '../../api/use-api.js';
import { Ago } from '../../ui/ago.js';
import { ConfirmButton } from '../../ui/confirm-button.js';
import { ErrorBox } from '../../ui/error-box.js';
import { TableSkeleton } from '../../ui/skeletons.js';
import { failed } from '../../ui/toast.js';
import { roleChoices } from './roles.js';
import { UserForm } from './user-form.js';

type Change = { id: string } & z.infer<typeof UserPatch>;

export function UsersTab() {
  const { data, error, refetch } = useApi<List<User>>('/api/users');
  const may = useCan('admin');
  if (error && !data)
    return <ErrorBox what="The people could not be loaded." error={error} retry={() => void refetch()} />;
  return (
    <>
      {may ? <UserForm /> : null}
      <div className="card table-scroll">
        {!data ? (
          <TableSkeleton rows={3} />
        ) : (
          <table className="table settings-table">
            <thead>
              <tr>
                <th>Person</th>
                <th>Role</th>
                <th>Last here</th>
                <th />
              </tr>
            </thead>
            <tbody>
              {data.items.map((user) => (
                <UserLine key={user.id} user={user} may={may} />
              ))}
            </tbody>
          </table>
        )}
      </div>
    </>
  );
}

function UserLine({ user, may }: { user: User; may: boolean }) {
  const { user: me } = useMe();
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: ['/api/users'] });
  const change = useMutation({
    mutationFn: ({ id, ...patch }: Change) => api.patch<User>(`/api/users/${encodeURIComponent(id)}`, patch),
    onSuccess: refresh,
    onError: (why) => failed(`${user.email} could not be changed.`, why),
  });
  const self = user.id === me.id;
  return (
    <tr data-over={user.disabled}>
      <td data-column="name" className="grow">
        {user.name === '' ? null : <strong>{user.name} </strong>}
        <span className={user.name === '' ? undefined : 'muted'}>{user.email}</span>
        {self ? <span className="muted"> (you)</span> : null}
      </td>
      <td>
        {may && !self && !user.disabled ? (
          <Select
            size="xs"
            w={130}
            aria-label={`Role of ${user.email}`}
            allowDeselect={false}
            value={user.role}
            data={roleChoices.map(({ value }) => value)}
            onChange={(value) => {
              const role = roleChoices.find((choice) => choice.value === value)?.value;
              if (role !== undefined && role !== user.role) change.mutate({ id: user.id, role });
            }}
          />
        ) : (
          user.role
        )}
      </td>
      <td>
        {user.lastLoginAt === null ? <span className="muted">never</span> : <Ago at={user.lastLoginAt} />}
      </td>
      <td data-column="do" className="right">
        {!may || self ? null : user.disabled ? (
          <ConfirmButton
            word="Let in again"
            sure="Let in again"
            busy={change.isPending}
            onConfirm={() => change.mutate({ id: user.id, disabled: false })}
          />
        ) : (
          <ConfirmButton
            word="Lock out"
            sure="Lock out and end sessions"
            busy={change.isPending}
            onConfirm={() => change.mutate({ id: user.id, disabled: true })}
          />
        )}
      </td>
    </tr>
  );
}
