import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { MetricSeries } from '../../../../src/http/contract/telemetry.js';
import { api } from '../../api/client.js';
import type { ApiError } from '../../api/errors.js';
import { apiKey } from '../../api/use-api.js';
import type { RangeText } from '../../time/range.js';
import type { MetricsSearch } from './search.js';

const path = '/api/metrics/series';

/** The lines of a metric. While another view of the same metric loads the last one stays. */
export function useMetricSeries(
  { name, aggregation, match, groupBy }: MetricsSearch,
  range: RangeText,
  live: boolean,
): UseQueryResult<MetricSeries, ApiError> {
  const key = apiKey(path, { ...range, name, aggregation, match, groupBy, buckets: 180 });
  return useQuery<MetricSeries, ApiError, MetricSeries, typeof key>({
    queryKey: key,
    queryFn: ({ signal }) => api.get<MetricSeries>(path, key[1], signal),
    enabled: name !== undefined,
    meta: { live },
    placeholderData: (previous, query) => (query?.queryKey[1]['name'] === name ? previous : undefined),
  });
}
