/**
 * The floors of the house (docs/architecture.md). A file may import its own room and lower floors; each
 * rule carries the sentence that explains it. `npm run lint` runs them.
 */
const floors = [
  ['lib', '^src/lib/', 0],
  ['model', '^src/model/', 0],
  // The words of the API: schemas and types alone, for those who answer with them.
  ['contract', '^src/http/contract/', 0],
  ['config', '^config/', 1],
  ['self', '^src/self/', 1],
  ['store', '^src/store/', 2],
  ['query', '^src/query/', 3],
  ['ingest', '^ingest/', 3],
  ['alerts', '^alerts/', 3],
  ['releases', '^releases/', 3],
  ['planning', '^planning/', 3],
  ['http', '^src/http/(?!contract/)', 4],
  ['api', '^(src/query|ingest|alerts|releases|planning)/.*(api|http)[.]ts$', 5],
  ['app', '^src/app\\.ts$', 6],
  ['main', '^src/(main|cli/.*)\\.ts$', 7],
];
const api = ['/api[.]ts$', '/http[.]ts$'];
const test = ['[.]test[.]ts$', '/testing/', '[.]fake[.]ts$'];

const upward = floors.flatMap(([name, path, floor]) => {
  const higher = floors.filter(([, , other]) => other > floor).map(([, p]) => p);
  if (higher.length === 0) return [];
  return [
    {
      name: `floor-${floor}-${name}`,
      severity: 'error',
      comment: `A file on floor ${floor} (${name}) may import its own room and lower floors only.`,
      from: { path, pathNot: name === 'api' ? test : [...api, ...test] },
      to: { path: higher },
    },
  ];
});

const rooms = ['ingest', 'alerts', 'releases', 'planning'];
const neighbours = rooms.map((room) => ({
  name: `neighbour-${room}`,
  severity: 'error',
  comment: `${room} knows none of its neighbours: it declares what it needs in its own ports.ts and they meet in src/app.ts.`,
  from: { path: `^${room}/`, pathNot: test },
  to: { path: rooms.filter((r) => r !== room).map((r) => `^${r}/`) },
}));

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Two files that need each other are one file, or a third one below both.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'sdk-stands-alone',
      severity: 'error',
      comment: '@lemni/sdk is a published package: it imports nothing of ours.',
      from: { path: '^sdk/' },
      to: { path: '^(config|src|ingest|alerts|releases|planning|dashboard|widget|demo|test)/' },
    },
    {
      name: 'widget-stands-alone',
      severity: 'error',
      comment: '@lemni/widget runs in pages of others: it imports nothing of ours.',
      from: { path: '^widget/' },
      to: { path: '^(config|src|ingest|alerts|releases|planning|dashboard|sdk|demo|test)/' },
    },
    {
      name: 'demo-knows-no-lemni',
      severity: 'error',
      comment: 'The demo meets Lemni as its users do: by the SDK, OTLP and the HTTP API.',
      from: { path: '^demo/' },
      to: {
        path: '^(config|src|ingest|alerts|releases|planning|dashboard|widget)/',
        pathNot: '^src/http/contract/',
      },
    },
    ...upward,
    ...neighbours,
    {
      name: 'ingest-knows-no-store',
      severity: 'error',
      comment:
        'A parser writes to the sink it is given: ingest/ knows neither the store nor express below http.ts.',
      from: { path: '^ingest/', pathNot: [...api, ...test] },
      to: { path: ['^src/store/', 'node_modules/express/'] },
    },
    {
      name: 'one-seam-clickhouse',
      severity: 'error',
      comment: 'Only src/store/telemetry/connect.ts knows which ClickHouse it talks to.',
      from: { pathNot: ['^src/store/telemetry/connect[.]ts$', '^test/', '^bench/', ...test] },
      to: { path: ['node_modules/chdb/', 'node_modules/@chdb/'] },
    },
    {
      name: 'one-seam-state',
      severity: 'error',
      comment: 'Only src/store/state/connect.ts knows which SQL database it talks to.',
      from: { pathNot: ['^src/store/state/connect[.]ts$', '^test/', '^bench/', ...test] },
      to: { path: ['node_modules/libsql/', 'node_modules/pg/'] },
    },
    {
      name: 'tests-stay-out',
      severity: 'error',
      comment: 'The product does not import its tests.',
      from: { path: '^(config|src|ingest|alerts|releases|planning)/', pathNot: test },
      to: { path: ['^test/', '[.]test[.]ts$'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
