import { Spotlight, spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { List } from '../../../src/http/contract/common.js';
import type { Incident } from '../../../src/http/contract/incidents.js';
import type { ProblemItem } from '../../../src/http/contract/problems.js';
import type { Services } from '../../../src/http/contract/telemetry.js';
import { term } from '../api/query-term.js';
import { useApi } from '../api/use-api.js';
import { places } from './places.js';
import { settingsTabNames, settingsTabs } from '../pages/settings/tabs.js';

/** Everything by name: pages, services, recent incidents, problems. Loaded when it is first asked for. */
export function Finder({ asked }: { asked: number }) {
  const navigate = useNavigate();
  const services = useApi<Services>('/api/services', { from: 'now-24h', buckets: 1 });
  const incidents = useApi<List<Incident>>('/api/incidents', { from: 'now-30d', limit: 20 });
  const problems = useApi<List<ProblemItem>>('/api/problems', { state: 'all', limit: 20 });
  useEffect(() => {
    if (asked > 0) spotlight.open();
  }, [asked]);

  const names = [...new Set((services.data?.items ?? []).map((row) => row.service))].sort();
  const groups: SpotlightActionGroupData[] = [
    {
      group: 'Pages',
      actions: [
        ...places.map((place) => ({
          id: `page-${place.name}`,
          label: place.name,
          description: place.question,
          onClick: () => void navigate({ to: place.to }),
        })),
        ...settingsTabs.map((tab) => ({
          id: `settings-${tab}`,
          label: `Settings: ${settingsTabNames[tab]}`,
          onClick: () => void navigate({ to: '/settings/$tab', params: { tab } }),
        })),
      ],
    },
    {
      group: 'Incidents',
      actions: (incidents.data?.items ?? []).map((incident) => ({
        id: `incident-${incident.id}`,
        label: `#${incident.number} ${incident.title}`,
        description: incident.state,
        onClick: () => void navigate({ to: '/incidents/$id', params: { id: incident.id } }),
      })),
    },
    {
      group: 'Problems',
      actions: (problems.data?.items ?? []).map((problem) => ({
        id: `problem-${problem.id}`,
        label: `P-${problem.number} ${problem.title}`,
        description: problem.state,
        onClick: () => void navigate({ to: '/problems/$id', params: { id: problem.id } }),
      })),
    },
    ...names.map((service) => ({
      group: service,
      actions: [
        {
          id: `logs-${service}`,
          label: `${service}: logs`,
          onClick: () => void navigate({ to: '/logs', search: { query: term('service', service) } }),
        },
        {
          id: `traces-${service}`,
          label: `${service}: traces`,
          onClick: () => void navigate({ to: '/traces', search: { service } }),
        },
        {
          id: `releases-${service}`,
          label: `${service}: releases`,
          onClick: () => void navigate({ to: '/releases', search: { service } }),
        },
      ],
    })),
  ];
  return (
    <Spotlight
      actions={groups}
      shortcut={null}
      scrollable
      maxHeight={420}
      limit={40}
      highlightQuery
      overlayProps={{ backgroundOpacity: 0.35, blur: 0 }}
      nothingFound="Nothing has this name."
      searchProps={{
        leftSection: <IconSearch size={18} />,
        placeholder: 'A page, a service, an incident, a problem',
      }}
    />
  );
}
