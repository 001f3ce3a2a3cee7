interface Exception {
  /** The call as a document shows it, without the name of the program. */
  readonly is: string;
  readonly because: string;
}

/** Calls of the documents that cannot be run to their end beside other tests. */
export const cannotRun: readonly Exception[] = [
  { is: '', because: 'opens the terminal app: test/terminal/wizard.test.ts does' },
  { is: '--demo', because: 'opens the terminal app: test/terminal/demo.test.ts does' },
  { is: '--headless', because: 'runs until it is ended: test/headless does that' },
  {
    is: 'logs --grep source=hn --follow',
    because: 'runs until it is ended: test/cli/errors.test.ts does that',
  },
  {
    is: 'init --topic NAME',
    because: 'tries sources of the network: test/cli/care.test.ts has it with a loopback server',
  },
  ...[
    'snapshot list --s3',
    'snapshot restore newest --from-s3 --force',
    'snapshot remove 2026-11-01 --s3 --force',
  ].map((is) => ({ is, because: 'needs a bucket: test/cli/snapshot-s3.test.ts has one on loopback' })),
];

/** Calls that end with another code than 0 as the prepared store is, and are right to do so. */
export const endsOtherwise: readonly (Exception & { readonly code: number })[] = [
  { is: 'invite revoke 7QJ2', code: 2, because: 'shows its plan and does nothing without --force' },
  {
    is: 'eval --analyzer offline,openai --limit 200 --force',
    code: 3,
    because: 'has no key for openai, and says so beside what offline answered',
  },
];

/** First lines of examples in YAML that are no configuration of this program. */
export const notYaml: readonly Exception[] = [
  { is: 'display_information:', because: 'is the manifest of an app, for Slack' },
  { is: 'filebeat.inputs:', because: 'is for Filebeat' },
  { is: 'scrape_configs:', because: 'is for promtail' },
  { is: '# yaml-language-server: $schema=config.schema.json', because: 'is a remark for an editor' },
];

/** How lines of a shell begin that are neither calls of the program nor run by a test of their own. */
export const notRunHere: readonly Exception[] = [
  { is: 'npm ', because: 'is how this very test was started' },
  { is: 'npx vitest', because: 'is what runs this test' },
  { is: 'npx biome', because: 'is the first step of npm test' },
  { is: 'npx tsc', because: 'is the second step of npm test' },
  { is: 'curl ', because: 'test/http/documentation.test.ts has an example of every route' },
  { is: 'AUTH=', because: 'names what the examples of docs/api.md send; the same test follows them' },
  { is: 'READS=', because: 'names what the examples of docs/api.md send' },
  { is: 'JSON=', because: 'names what the examples of docs/api.md send' },
  {
    is: 'head -c 3000000 /dev/zero | curl',
    because: 'is an example of docs/api.md: the same test follows it',
  },
  { is: 'MUTATION_TESTS=', because: 'takes minutes for a file; docs/testing.md says what came of it' },
  { is: 'SHI-7QJ2', because: 'is what the line above it prints' },
  { is: 'node bench/soak.ts', because: 'takes hours; test/faults has what runs in minutes' },
  { is: 'node scripts/build.mjs && node bench/soak.ts', because: 'takes hours' },
  { is: 'mkdir acme', because: 'makes the empty folder that each document has here' },
  { is: 'sudo ', because: 'changes a machine; tests have what is installed judged by systemd itself' },
  { is: 'kubectl ', because: 'needs a cluster; a test has the files judged by their schemas' },
  { is: 'dd ', because: 'is a step of the drill: test/operations-page.test.ts follows it' },
  { is: 'export SIGNAL_HARVESTER_STORE__PATH', because: 'is a step of the drill' },
  { is: 'unset ', because: 'is a step of the drill' },
  { is: 'rm ', because: 'is a step of the drill' },
];
