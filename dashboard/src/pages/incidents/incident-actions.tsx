import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconCheck, IconEyeCheck, IconUser } from '@tabler/icons-react';
import { useState } from 'react';
import type { User } from '../../../../src/http/contract/accounts.js';
import type { List } from '../../../../src/http/contract/common.js';
import type { Incident } from '../../../../src/http/contract/incidents.js';
import { useCan, useMe } from '../../api/session.js';
import { useApi } from '../../api/use-api.js';
import { useAct } from './use-act.js';

export function IncidentActions({ incident }: { incident: Incident }) {
  const act = useAct(incident.id);
  const may = useCan('responder');
  const [sure, setSure] = useState(false);
  if (!may || incident.state === 'resolved') return null;
  const firing = incident.alerts.filter(({ state }) => state === 'firing').length;
  const busy = act.isPending ? act.variables.verb : undefined;
  return (
    <>
      {incident.state === 'open' ? (
        <Button
          leftSection={<IconEyeCheck size={16} />}
          loading={busy === 'acknowledge'}
          onClick={() => act.mutate({ verb: 'acknowledge' })}
        >
          Acknowledge
        </Button>
      ) : null}
      <AssignMenu
        assignee={incident.assignee}
        busy={busy === 'assign'}
        onAssign={(assignee) => act.mutate({ verb: 'assign', body: { assignee } })}
      />
      {firing > 0 && sure ? (
        <Button variant="default" onClick={() => setSure(false)}>
          Keep it open
        </Button>
      ) : null}
      <Button
        variant="default"
        leftSection={<IconCheck size={16} />}
        loading={busy === 'resolve'}
        onClick={() => (firing > 0 && !sure ? setSure(true) : act.mutate({ verb: 'resolve' }))}
      >
        {sure
          ? `${firing === 1 ? 'An alert still fires' : `${firing} alerts still fire`}: resolve`
          : 'Resolve'}
      </Button>
    </>
  );
}

interface AssignMenuProps {
  assignee: string | null;
  busy: boolean;
  onAssign: (assignee: string | null) => void;
}

function AssignMenu({ assignee, busy, onAssign }: AssignMenuProps) {
  const { user: me } = useMe();
  const [asked, setAsked] = useState(false);
  const users = useApi<List<User>>('/api/users', {}, { enabled: asked });
  const others = (users.data?.items ?? []).filter((user) => !user.disabled && user.id !== me.id);
  return (
    <Menu position="bottom-end" onOpen={() => setAsked(true)}>
      <Menu.Target>
        <Button
          variant="default"
          loading={busy}
          leftSection={<IconUser size={16} />}
          rightSection={<IconChevronDown size={14} />}
        >
          Assign
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onAssign(me.email)}>Me</Menu.Item>
        {others.map((user) => (
          <Menu.Item key={user.id} onClick={() => onAssign(user.email)}>
            {user.name === '' ? user.email : `${user.name}, ${user.email}`}
          </Menu.Item>
        ))}
        {assignee === null ? null : (
          <>
            <Menu.Divider />
            <Menu.Item onClick={() => onAssign(null)}>Nobody</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
