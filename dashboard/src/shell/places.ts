/** The pages, in the order of the navigation; `g` and then the key goes there. */
export const places = [
  { name: 'Overview', to: '/', key: 'o', question: 'What is wrong now?' },
  { name: 'Incidents', to: '/incidents', key: 'i', question: 'What happened, and who is on it?' },
  { name: 'Releases', to: '/releases', key: 'r', question: 'What was released?' },
  { name: 'Feedback', to: '/feedback', key: 'f', question: 'What do people say?' },
  { name: 'Problems', to: '/problems', key: 'p', question: 'What should we fix next?' },
  { name: 'Errors', to: '/errors', key: 'e', question: 'What breaks?' },
  { name: 'Logs', to: '/logs', key: 'l', question: 'What did the services write?' },
  { name: 'Traces', to: '/traces', key: 't', question: 'Where did the time go?' },
  { name: 'Metrics', to: '/metrics', key: 'm', question: 'How do the numbers move?' },
  { name: 'Settings', to: '/settings', key: 's', question: 'How is Lemni set up?' },
] as const;

export type Place = (typeof places)[number];

/** The pages that ask about a stretch of time: only there does the header offer one. */
export function hasTimeRange(pathname: string): boolean {
  return pathname === '/' || /^\/(errors|logs|metrics|traces)\b/.test(pathname);
}
