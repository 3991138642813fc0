/** What the test runners' JSON reports say. */

export interface Report {
  passed: number
  failed: number
  skipped: number
  /** What failed and why. */
  failures: string[]
  /** What passed only when it was tried again. */
  flaky: string[]
}

interface VitestReport {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { fullName: string; status: string; failureMessages: string[] | null }[]
  }[]
}

/** Files that failed outside a test count among the failures by their name. */
export function readVitest(report: VitestReport): Report {
  const tests = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map((test) => ({ ...test, name: `${name}: ${test.fullName}` })),
  )
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  )
  const failed = tests.filter(({ status }) => status === 'failed')
  // The errors of the tries before stay with a test that passed in the end.
  const flaky = tests.filter(({ status, failureMessages }) => status === 'passed' && failureMessages?.length)
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests,
    failures: [
      ...failed.map(({ name, failureMessages }) => `${name}\n${failureMessages?.join('\n')}`),
      ...broken.map(({ name, message }) => `${name}\n${message}`),
    ],
    flaky: flaky.map(({ name, failureMessages }) => `${name}\n${failureMessages?.[0]}`),
  }
}

interface PlaywrightSuite {
  suites?: PlaywrightSuite[]
  specs?: {
    file: string
    line: number
    title: string
    tests: {
      status: 'expected' | 'unexpected' | 'flaky' | 'skipped'
      results: { error?: { message?: string } }[]
    }[]
  }[]
}

interface PlaywrightReport {
  stats: { expected: number; flaky: number; unexpected: number; skipped: number }
  suites: PlaywrightSuite[]
  errors: { message?: string }[]
}

export function readPlaywright({ stats, suites, errors }: PlaywrightReport): Report {
  const of = (status: string) => suites.flatMap((suite) => testsOf(suite, status))
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
    failures: [...of('unexpected'), ...errors.map(({ message }) => message ?? 'an error outside of a test')],
    flaky: of('flaky'),
  }
}

/** The tests of a status below a suite, with their errors. */
function testsOf({ suites = [], specs = [] }: PlaywrightSuite, status: string): string[] {
  const own = specs.flatMap(({ file, line, title, tests }) =>
    tests
      .filter((test) => test.status === status)
      .map(({ results }) => {
        const messages = results.flatMap(({ error }) => error?.message ?? [])
        return `${file}:${line} › ${title}\n${messages.join('\n')}`
      }),
  )
  return [...own, ...suites.flatMap((suite) => testsOf(suite, status))]
}
