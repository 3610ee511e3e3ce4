/**
 * Runs `run(...args)` of a TypeScript file in this process, without a build: for tests that must kill a process.
 *
 *   node run-ts.mjs FILE [ARG...]
 */
import { resolve } from 'node:path';
import { runnerImport } from 'vite';

const [file, ...args] = process.argv.slice(2);
const { module } = await runnerImport(resolve(file), { configFile: false, logLevel: 'error' });
await module.run(...args);
