type Child = Node | string | null;
type Properties = Readonly<Record<string, string | number | boolean | EventListener | undefined>>;

/**
 * An element with attributes and listeners (`onclick` and the like). Attributes and text only, never markup or
 * `style`, so that it works under `style-src 'self'` and `require-trusted-types-for 'script'`.
 */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

const svgSpace = 'http://www.w3.org/2000/svg';

/** A 24 by 24 drawing in the colour of its text; it says nothing to a screen reader. */
export function icon(path: string): SVGElement {
  const svg = document.createElementNS(svgSpace, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const shape = document.createElementNS(svgSpace, 'path');
  shape.setAttribute('d', path);
  svg.append(shape);
  return svg;
}

export const speech = 'M4 4h16a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1h-9l-5 4v-4H4a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1z';
export const star = 'M12 3l2.7 5.8 6.3.7-4.7 4.3 1.3 6.2-5.6-3.1L6.4 20l1.3-6.2L3 9.5l6.3-.7z';
export const cross = 'M6 6l12 12M18 6L6 18';
