import type { Reporter, TestModule } from 'vitest/node'
import { describeBackends } from './backends.ts'

/** Ends a run with the backends it ran on and, alone on the last line, `N passed, N failed, N skipped`. */
export function summaryReporter(): Reporter {
  return {
    onTestRunEnd(modules, unhandledErrors) {
      const counts = countTests(modules)
      const ran = new Set(modules.map((module) => module.project.name))
      const failed = counts.failed + unhandledErrors.length
      console.log(describeBackends(ran))
      console.log(`${counts.passed} passed, ${failed} failed, ${counts.skipped} skipped`)
    },
  }
}

function countTests(modules: readonly TestModule[]): Record<'passed' | 'failed' | 'skipped', number> {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      counts[state === 'pending' ? 'skipped' : state] += 1
    }
    // A file that does not load has no tests, and a hook that throws is not a test. Both count as failures.
    counts.failed += module.errors().length
    for (const suite of module.children.allSuites()) counts.failed += suite.errors().length
  }
  return counts
}
