import { LemniError } from '../lib/errors.js';
import type { AccessControl } from './create-access.js';

/** The door for ingest keys, for a wire that shows a header instead of a request. */
export function grpcDoor(access: Pick<AccessControl, 'admit'>) {
  return {
    /** False when the key is wrong or missing; throws `Unavailable` when that cannot be told now. */
    async authorize(header: string | undefined, remoteAddress: string): Promise<boolean> {
      const headers = header === undefined ? {} : { authorization: header };
      try {
        await access.admit({ headers, remoteAddress }, ['ingest']);
        return true;
      } catch (error) {
        if (error instanceof LemniError && ['unauthenticated', 'forbidden'].includes(error.code))
          return false;
        throw error;
      }
    },
  };
}
