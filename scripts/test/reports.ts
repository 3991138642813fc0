/** What the test runners' JSON reports say of failures. */

export interface VitestReport {
  numPassedTests: number
  numFailedTests: number
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[]
  }[]
}

/** The failed tests, and the files that failed outside a test. */
export function vitestFailures({ testResults }: VitestReport): string[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed')
    if (status === 'failed' && failed.length === 0) return [`${name}\n${message}`]
    return failed.map((test) => `${name}: ${test.fullName}\n${test.failureMessages.join('\n')}`)
  })
}

interface PlaywrightSuite {
  suites?: PlaywrightSuite[]
  specs?: {
    file: string
    line: number
    title: string
    ok: boolean
    tests: { results: { error?: { message?: string } }[] }[]
  }[]
}

export interface PlaywrightReport {
  stats: { expected: number; flaky: number; unexpected: number; skipped: number }
  suites: PlaywrightSuite[]
}

/** The failed tests below a suite. */
export function playwrightFailures({ suites = [], specs = [] }: PlaywrightSuite): string[] {
  const failed = specs.filter((spec) => !spec.ok)
  return [
    ...failed.map(({ file, line, title, tests }) => {
      const messages = tests.flatMap((test) => test.results.map((result) => result.error?.message ?? ''))
      return `${file}:${line} › ${title}\n${messages.join('\n')}`
    }),
    ...suites.flatMap(playwrightFailures),
  ]
}
