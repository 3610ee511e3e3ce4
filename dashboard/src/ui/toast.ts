import { notifications } from '@mantine/notifications';
import { ApiError } from '../api/errors.js';

/** For what a person did and cannot see on the page itself. */
export function told(message: string): void {
  notifications.show({ message, autoClose: 4000, withBorder: true, color: 'green' });
}

/** For what a person asked for and did not get: `what` says it, the server says why. */
export function failed(what: string, error: unknown): void {
  const why = error instanceof ApiError ? error.message : String(error);
  notifications.show({ title: what, message: why, color: 'red', autoClose: 10_000, withBorder: true });
}
