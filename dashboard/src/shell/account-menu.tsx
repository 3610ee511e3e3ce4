import { ActionIcon, Menu } from '@mantine/core';
import {
  IconDeviceDesktop,
  IconHelp,
  IconLogout,
  IconMoon,
  IconSun,
  IconUser,
  IconUserCircle,
} from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { api } from '../api/client.js';
import { useMe } from '../api/session.js';
import { closeLive } from '../live/live.js';
import { useScheme } from '../theme/use-scheme.js';

const schemes = [
  { value: 'light', name: 'Light', Glyph: IconSun },
  { value: 'dark', name: 'Dark', Glyph: IconMoon },
  { value: 'auto', name: 'As the system', Glyph: IconDeviceDesktop },
] as const;

export function AccountMenu({ onHelp }: { onHelp: () => void }) {
  const { user } = useMe();
  const { choice, choose } = useScheme();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const logOut = async () => {
    await api.post('/api/logout').catch(() => undefined);
    closeLive();
    queries.clear();
    await navigate({ to: '/login', search: {} });
  };
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="subtle" size="lg" aria-label="Account and appearance">
          <IconUserCircle size={20} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {user.name === '' ? user.email : user.name} · {user.role}
        </Menu.Label>
        <Menu.Item
          leftSection={<IconUser size={16} />}
          renderRoot={(props) => <Link to="/settings/$tab" params={{ tab: 'account' }} {...props} />}
        >
          Account
        </Menu.Item>
        <Menu.Item leftSection={<IconHelp size={16} />} onClick={onHelp}>
          Keys and help
        </Menu.Item>
        <Menu.Divider />
        {schemes.map(({ value, name, Glyph }) => (
          <Menu.Item
            key={value}
            leftSection={<Glyph size={16} />}
            aria-current={choice === value}
            onClick={() => choose(value)}
          >
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void logOut()}>
          Log out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
