import { PageTitle } from '../../ui/page-title.js';

export function SettingsPage() {
  return <PageTitle>Settings</PageTitle>;
}
