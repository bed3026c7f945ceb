// Imports only go down: bin → app → features (in their order) → platform → shared. Type imports count.
// Each rule is proved by a planted violation in test/import-rules.test.ts.

/** Lower features do not know higher ones. */
const FEATURES = [
  'events',
  'identity',
  'listings',
  'webhooks',
  'ledger',
  'payments',
  'calendar',
  'feeds',
  'pricing',
  'search',
  'bookings',
  'payouts',
  'notifications',
  'admin',
];
const API = '^packages/api/src';
const anyFeature = `${API}/(${FEATURES.join('|')})/`;
const tests = '\\.test\\.ts$|/test/';

const featureOrder = FEATURES.slice(0, -1).map((feature, index) => ({
  name: `${feature}-knows-no-higher-feature`,
  comment: 'News travels up as events or by the database, never by an import.',
  severity: 'error',
  from: { path: `${API}/${feature}/`, pathNot: tests },
  to: { path: `${API}/(${FEATURES.slice(index + 1).join('|')})/` },
}));

const forbidden = [
  {
    name: 'no-circle',
    comment: 'Whatever is in a circle cannot be read, moved or tested alone.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  ...featureOrder,
  {
    name: 'platform-knows-no-feature',
    comment: 'The plumbing serves any business.',
    severity: 'error',
    from: { path: `${API}/platform/`, pathNot: tests },
    to: { path: `${API}/(?!platform/)` },
  },
  {
    name: 'features-know-no-assembly',
    comment:
      'app, surface and resources put features together; a feature that reached for them would pull in all.',
    severity: 'error',
    from: { path: anyFeature, pathNot: tests },
    to: { path: `${API}/([a-z-]+\\.ts|bin/)` },
  },
  {
    name: 'nothing-imports-bin',
    severity: 'error',
    from: {},
    to: { path: `${API}/bin/` },
  },
  {
    name: 'routes-call-verbs-only',
    comment: 'A door that reads tables skips the rules of the verb.',
    severity: 'error',
    from: { path: `${API}/\\w+/(routes|graphql|handlers)\\.ts$` },
    to: { path: '/repository' },
  },
  {
    name: 'rules-are-pure',
    comment: 'model, policy and schema take values: no tables, no verbs, no request.',
    severity: 'error',
    from: { path: `${API}/\\w+/(model|policy|schema|problems)(\\.ts$|/)` },
    to: {
      path: '/(repository|service|routes)[./]|^packages/api/src/platform/(db|context)|node_modules/(kysely|pg|express)/',
    },
  },
  {
    name: 'sql-stays-in-repositories',
    comment: 'Rows never leave the repository.',
    severity: 'error',
    from: { path: anyFeature, pathNot: `/repository[./]|${tests}` },
    to: { path: 'node_modules/(kysely|pg|pg-cursor)/' },
  },
  {
    name: 'shared-stands-alone',
    comment: 'Values that two packages need, without I/O.',
    severity: 'error',
    from: { path: '^packages/shared/src', pathNot: tests },
    to: { path: '^packages/(api|sdk|cli)/|^(node:)?(fs|net|http|https|child_process|dns|os)(/|$)' },
  },
  {
    name: 'sdk-stands-alone',
    comment: 'Its users install it and undici, nothing of ours.',
    severity: 'error',
    from: { path: '^packages/sdk/src', pathNot: tests },
    to: { path: '^packages/(api|cli|shared)/' },
  },
  {
    name: 'sdk-resources-do-not-know-the-client',
    comment: 'The client is made of resources, not the other way round.',
    severity: 'error',
    from: { path: '^packages/sdk/src/resources/', pathNot: tests },
    to: { path: '^packages/sdk/src/(client|index)\\.ts$' },
  },
  {
    name: 'cli-speaks-through-the-sdk',
    severity: 'error',
    from: { path: '^packages/cli/src', pathNot: tests },
    to: { path: '^packages/api/' },
  },
  {
    name: 'only-processes-start-the-emulator',
    comment: 'To everything else Stripe is an address and a key; who answers there is not its concern.',
    severity: 'error',
    from: { path: `${API}/`, pathNot: `${API}/(run\\.ts$|bin/)|${tests}` },
    to: { path: '^packages/stripe-emulator/' },
  },
  {
    name: 'stripe-emulator-stands-alone',
    comment: 'An emulator that shared code with what it stands in for would share its mistakes.',
    severity: 'error',
    from: { path: '^packages/stripe-emulator/src' },
    to: { path: '^packages/(api|sdk|cli|shared)/' },
  },
  {
    name: 'no-barrels',
    comment: 'A file that re-exports a folder pulls in all of it and hides where a thing is.',
    severity: 'error',
    from: {},
    to: { path: '^packages/(api|cli|shared|stripe-emulator)/src/.*/?index\\.ts$' },
  },
  {
    name: 'no-test-code-in-production',
    severity: 'error',
    from: { pathNot: `${tests}|^bench/` },
    to: { path: `^packages/[^/]+/(test/|.*\\.test\\.ts$)`, pathNot: 'node_modules' },
  },
  {
    name: 'resolvable',
    comment: 'An import that leads nowhere would not be checked by any other rule.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
];

export default {
  forbidden,
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/|/generated/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
      extensions: ['.ts', '.js', '.mjs'],
    },
  },
};
