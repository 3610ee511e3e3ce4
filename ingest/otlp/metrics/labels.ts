import type { Resource, Scope } from '../resource.js';
import { labelName } from './names.js';

/** Sorted by name, without empty values: Prometheus does not tell an empty label from none. */
export type Labels = readonly (readonly [name: string, value: string])[];

/** Later groups win over earlier ones. Two keys of one group that become one name are joined by `;`. */
export function buildLabels(...groups: readonly Iterable<readonly [string, string]>[]): Labels {
  const labels = new Map<string, string>();
  for (const group of groups) {
    const own = new Map<string, string>();
    // In the order of the original keys, as the specification wants it.
    for (const [key, value] of [...group].sort(byName)) {
      const name = labelName(key);
      if (name === '' || value === '') continue;
      const other = own.get(name);
      own.set(name, other === undefined ? value : `${other};${value}`);
    }
    for (const [name, value] of own) labels.set(name, value);
  }
  return [...labels].sort(byName);
}

/** The labels with one more, which wins. */
export function withLabel(labels: Labels, name: string, value: string): Labels {
  return [...labels.filter(([other]) => other !== name), [name, value] as const].sort(byName);
}

function byName(a: readonly [string, string], b: readonly [string, string]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}

/**
 * `job` and `instance`, which tell targets apart. Many SDKs send no `service.instance.id`; then the pod or the
 * process is the instance, since two processes that count into one series would make nonsense of it.
 */
export function targetLabels({ service, attributes }: Resource): [string, string][] {
  const of = (key: string): string => attributes.get(key) ?? '';
  const namespace = of('service.namespace');
  const host = of('host.name') || of('container.id');
  const process = host !== '' && of('process.pid') !== '' ? `${host}:${of('process.pid')}` : host;
  return [
    ['job', namespace === '' ? service : `${namespace}/${service}`],
    ['instance', of('service.instance.id') || of('k8s.pod.name') || process],
  ];
}

/**
 * What every series of a scope carries besides its points' attributes. Version and environment are promoted
 * from the resource (Prometheus' `promote_resource_attributes`): they are two of Lemni's three dimensions, and
 * a series that changed them would be two series anyway.
 */
export function scopeLabels(resource: Resource, scope: Scope, schemaUrl: string): [string, string][] {
  const labels: [string, string][] = [
    ...targetLabels(resource),
    ['service_version', resource.version],
    ['deployment_environment_name', resource.environment],
    ['otel_scope_name', scope.name],
    ['otel_scope_version', scope.version],
    ['otel_scope_schema_url', schemaUrl],
  ];
  for (const [key, value] of scope.attributes) labels.push([`otel_scope_${key}`, value]);
  return labels;
}

const identity = new Set(['service.name', 'service.namespace', 'service.instance.id']);

/** `target_info` carries the resource's other attributes. */
export function* targetInfoAttributes(resource: Resource): Generator<[string, string]> {
  for (const [key, value] of resource.attributes) if (!identity.has(key)) yield [key, value];
}
