import { defineConfig } from 'vitest/config';

/**
 * One engine per process: every test file runs in a process of its own (forks), two at a time, since each
 * embedded engine takes 300 MB and the suite is meant for a machine with two cores.
 */
export default defineConfig({
  test: {
    include: [
      '{config,src,ingest,alerts,releases,planning,bench,scripts,test}/**/*.test.ts',
      '{dashboard,sdk,widget}/src/**/*.test.ts',
      'demo/**/*.test.ts',
    ],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    globalSetup: ['test/support/global-setup.ts'],
    env: { UV_THREADPOOL_SIZE: '16', TZ: 'UTC' },
  },
});
