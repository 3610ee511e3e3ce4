// Builds the SDK, the server with the demo (tsc) and the dashboard (vite). `--if-needed` does nothing when the newest
// source is older than the last build, so that `npm start` is quick the second time; `--server-only` leaves the
// dashboard out.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
const ifNeeded = process.argv.includes('--if-needed');
const serverOnly = process.argv.includes('--server-only');

/** Newest modification time below the paths, in ms. */
function newest(paths) {
  let latest = 0;
  const visit = (path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) return;
    if (stat.isDirectory()) {
      for (const name of readdirSync(path))
        if (name !== 'node_modules' && name !== 'dist') visit(join(path, name));
    } else latest = Math.max(latest, stat.mtimeMs);
  };
  for (const path of paths) visit(join(root, path));
  return latest;
}

function step(name, sources, command, args, after = () => {}) {
  const stamp = join(root, 'dist', `.${name}-built`);
  if (ifNeeded && existsSync(stamp) && statSync(stamp).mtimeMs > newest(sources)) return;
  const started = Date.now();
  console.log(`Building the ${name} ...`);
  const run = spawnSync(join(root, 'node_modules/.bin', command), args, { cwd: root, stdio: 'inherit' });
  if (run.status !== 0) {
    console.error(`The ${name} did not build: see the messages above.`);
    process.exit(run.status ?? 1);
  }
  mkdirSync(join(root, 'dist'), { recursive: true });
  after();
  writeFileSync(stamp, '');
  console.log(`Built the ${name} in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
}

const server = [
  'config',
  'src',
  'ingest',
  'alerts',
  'releases',
  'planning',
  'bench',
  'demo',
  'sdk/src',
  'scripts',
  'tsconfig.json',
  'tsconfig.build.json',
  'package-lock.json',
];
const sdk = ['sdk', 'tsconfig.json', 'package-lock.json'];
step('sdk', sdk, 'tsc', ['-p', 'sdk/tsconfig.build.json']);
step('sdk for CommonJS', sdk, 'tsc', ['-p', 'sdk/tsconfig.cjs.json'], () =>
  writeFileSync(join(root, 'sdk/dist/cjs/package.json'), '{ "type": "commonjs" }\n'),
);
/** The demo's releases carry their package.json, as every deployed app does: the SDK reads name and version there. */
function copyPackages() {
  cpSync(join(root, 'demo/services'), join(root, 'dist/demo/services'), {
    recursive: true,
    filter: (path) => statSync(path).isDirectory() || path.endsWith('package.json'),
  });
}
step('server', server, 'tsc', ['-p', 'tsconfig.build.json'], copyPackages);
if (!serverOnly)
  step('dashboard', ['dashboard', 'src/http/contract', 'package-lock.json'], 'vite', [
    'build',
    'dashboard',
    '--logLevel',
    'warn',
  ]);
if (!serverOnly) {
  const widget = ['widget', 'package-lock.json'];
  step('widget', widget, 'vite', ['build', 'widget', '--logLevel', 'warn']);
  step('widget-screenshot', widget, 'vite', [
    'build',
    'widget',
    '--mode',
    'screenshot',
    '--logLevel',
    'warn',
  ]);
}
