import { Tabs } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { PageTitle } from '../../ui/page-title.js';
import { AccountTab } from './account-tab.js';
import { AlertingTab } from './alerting-tab.js';
import { ConnectTab } from './connect-tab.js';
import { KeysTab } from './keys-tab.js';
import './settings.css';
import { isSettingsTab, settingsTabNames, settingsTabs, type SettingsTab } from './tabs.js';
import { UsersTab } from './users-tab.js';

const route = getRouteApi('/app/settings/$tab');

const titles: Readonly<Record<SettingsTab, string>> = {
  connect: 'Connect your services',
  keys: 'Who may send and read?',
  users: 'Who works with Lemni?',
  alerting: 'What is watched, and who is told?',
  account: 'Your account',
};

const contents: Readonly<Record<SettingsTab, ComponentType>> = {
  connect: ConnectTab,
  keys: KeysTab,
  users: UsersTab,
  alerting: AlertingTab,
  account: AccountTab,
};

export function SettingsPage() {
  const { tab } = route.useParams();
  const navigate = useNavigate();
  const Content = contents[tab];
  return (
    <>
      <PageTitle tab={`${settingsTabNames[tab]} · Settings`} crumb="Settings">
        {titles[tab]}
      </PageTitle>
      <Tabs
        value={tab}
        onChange={(value) => {
          if (value !== null && isSettingsTab(value))
            void navigate({ to: '/settings/$tab', params: { tab: value } });
        }}
        keepMounted={false}
      >
        <Tabs.List className="settings-tabs" aria-label="Settings">
          {settingsTabs.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {settingsTabNames[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab} className="settings-panel">
          <Content />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
