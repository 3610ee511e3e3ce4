import { defineConfig } from 'vitest/config';

/** `npm run screenshots`: takes the pictures of docs/images from the running product. */
export default defineConfig({
  test: {
    include: ['test/screenshots/**/*.shots.ts'],
    pool: 'forks',
    testTimeout: 900_000,
    hookTimeout: 300_000,
    env: { TZ: 'UTC' },
  },
});
