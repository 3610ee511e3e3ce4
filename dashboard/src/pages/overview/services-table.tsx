import { UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useState } from 'react';
import type { Services } from '../../../../src/http/contract/telemetry.js';
import { useApi } from '../../api/use-api.js';
import { useChartEvents } from '../../charts/use-chart-events.js';
import { useTimeRange } from '../../time/use-time-range.js';
import { ErrorBox } from '../../ui/error-box.js';
import { Section } from '../../ui/section.js';
import { TableSkeleton } from '../../ui/skeletons.js';
import { sparkMarks } from './spark-marks.js';
import { FirstSignal } from './first-signal.js';
import { orderServices, serviceColumns, type ServiceColumn, type ServiceOrder } from './service-order.js';
import { ServiceLine } from './service-line.js';
import { releaseOf, useReleases } from './use-releases.js';

const buckets = 48;
const names: Readonly<Record<ServiceColumn, string>> = {
  service: 'Service',
  version: 'Version, out since',
  requests: 'Requests',
  errors: 'Failed',
  p95: 'p95',
};

/** Services as rows: what each did in the range, with its deploys. */
export function ServicesTable() {
  const { params, label, ms, live } = useTimeRange();
  const [order, setOrder] = useState<ServiceOrder>({ by: 'trouble', descending: true });
  const services = useApi<Services>('/api/services', { ...params, buckets }, { live: true });
  const frame = services.data
    ? { from: Date.parse(services.data.from), to: Date.parse(services.data.to) }
    : ms;
  const { marks } = useChartEvents(params, frame);
  const releases = useReleases().data?.items ?? [];
  if (services.error && !services.data)
    return (
      <Section title="Services">
        <ErrorBox
          what="The services could not be loaded."
          error={services.error}
          retry={() => void services.refetch()}
        />
      </Section>
    );
  if (!services.data)
    return (
      <Section title="Services">
        <div className="card">
          <TableSkeleton rows={6} />
        </div>
      </Section>
    );
  const { items } = services.data;
  if (items.length === 0) return <FirstSignal />;
  const press = (by: ServiceColumn) =>
    setOrder((now) => ({ by, descending: now.by === by ? !now.descending : by !== 'service' }));
  return (
    <Section title="Services" note={`${items.length} · ${label.toLowerCase()}`}>
      <div className="card table-scroll">
        <table className="table services">
          <thead>
            <tr>
              {serviceColumns.map((column) => (
                <th key={column} data-column={column} aria-sort={sortOf(order, column)}>
                  <UnstyledButton onClick={() => press(column)} className="services-sort">
                    {names[column]}
                    {order.by === column ? (
                      order.descending ? (
                        <IconArrowDown size={12} aria-hidden />
                      ) : (
                        <IconArrowUp size={12} aria-hidden />
                      )
                    ) : null}
                  </UnstyledButton>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {orderServices(items, order).map((row) => {
              const key = JSON.stringify([row.service, row.environment]);
              return (
                <ServiceLine
                  key={key}
                  row={row}
                  release={releaseOf(releases, row)}
                  live={live}
                  marks={sparkMarks(marks, row.service, frame)}
                />
              );
            })}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function sortOf(order: ServiceOrder, column: ServiceColumn): 'ascending' | 'descending' | 'none' {
  if (order.by !== column) return 'none';
  return order.descending ? 'descending' : 'ascending';
}
