import { serviceColor } from '../theme/service-hue.js';

/** A service with its own hue, the same as its line in charts; the environment follows, quieter. */
export function ServiceName({ service, environment = '' }: { service: string; environment?: string }) {
  return (
    <span className="service-name" title={environment === '' ? service : `${service}, ${environment}`}>
      <span className="service-dot" style={{ background: serviceColor(service) }} aria-hidden />
      <span className="clip">{service === '' ? 'unnamed service' : service}</span>
      {environment === '' ? null : <span className="muted small clip">{environment}</span>}
    </span>
  );
}
