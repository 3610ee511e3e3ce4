import type { StateDatabase } from '../../src/store/state/connect.js';

/** A state database whose process dies before its n-th statement from now: nothing after it reaches the store. */
export interface Death {
  readonly state: StateDatabase;
  in(statements: number): void;
  never(): void;
}

export function mortal(state: StateDatabase): Death {
  let left = Number.POSITIVE_INFINITY;
  return {
    state: state.withPlugin({
      transformQuery: ({ node }) => {
        if (left-- <= 0) throw new Error('killed');
        return node;
      },
      transformResult: ({ result }) => Promise.resolve(result),
    }),
    in: (statements) => {
      left = statements;
    },
    never: () => {
      left = Number.POSITIVE_INFINITY;
    },
  };
}
