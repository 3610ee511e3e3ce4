/**
 * A stable hue for a service, from its name alone, so that a line has the same colour on every page and after
 * every restart. FNV-1a, then the golden angle spreads names that hash close together.
 */
export function serviceHue(service: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < service.length; i++) {
    hash ^= service.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return Math.round(((hash >>> 0) * 137.508) % 360);
}

/** For CSS: lightness and saturation follow the colour scheme. */
export function serviceColor(service: string): string {
  return `hsl(${serviceHue(service)} var(--service-saturation) var(--service-lightness))`;
}
