export const settingsTabs = ['connect', 'keys', 'users', 'alerting', 'account'] as const;
export type SettingsTab = (typeof settingsTabs)[number];

export const settingsTabNames: Readonly<Record<SettingsTab, string>> = {
  connect: 'Connect',
  keys: 'Keys',
  users: 'Users',
  alerting: 'Rules',
  account: 'Account',
};

export function isSettingsTab(text: string): text is SettingsTab {
  return settingsTabs.some((tab) => tab === text);
}
