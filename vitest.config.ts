import { availableParallelism } from 'node:os'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import {
  BACKEND_FOLDERS,
  BACKENDS,
  type Backend,
  QUEUE_SUITES,
  whyMissing,
} from './tests/support/backends.ts'
import { summaryReporter } from './tests/support/reporter.ts'

const BACKEND_SUITES = BACKEND_FOLDERS.map((folder) => `tests/${folder}/**/*.test.ts`)
const BROWSER_SUITES = 'tests/browser/**/*.test.ts'
/** They start embedded databases of their own: another backend would repeat them word for word. */
const EMBEDDED_ONLY = ['cli/start', 'db/engine/embedded', 'db/engine/lock', 'db/engine/wholeQueries'].map(
  (name) => `tests/${name}.test.ts`,
)

const SETUP = './tests/support/globalSetup.ts'

function backendProject(backend: Backend): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name: backend,
      // Redis holds the queue alone: suites without a queue would only repeat those on PostgreSQL.
      include: backend === 'redis' ? QUEUE_SUITES.map((name) => `tests/${name}.test.ts`) : BACKEND_SUITES,
      exclude: backend === 'embedded' ? [] : EMBEDDED_ONLY,
      globalSetup: SETUP,
      provide: { backend },
      // Processes that the product starts are not read by Vitest: they run from TypeScript as with `npm run dev`.
      execArgv: ['--import', 'tsx'],
    },
  }
}

export default defineConfig({
  test: {
    // By default one core stays idle, on two cores half of them; more than a few databases at once want memory.
    maxWorkers: Math.min(availableParallelism(), 4),
    // Suites that share a process load the product once: a suite takes half the processor time. No suite changes what
    // is global to its process.
    isolate: false,
    // A first start of the embedded database takes seconds of processor time, on a busy machine more.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // `npm run coverage`: the whole source, those files too that no test imports.
    coverage: { provider: 'v8', include: ['src/**'], reporter: ['text-summary', 'html'] },
    reporters: ['default', summaryReporter()],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          exclude: [...BACKEND_SUITES, BROWSER_SUITES],
          // Processes that the product starts run from TypeScript.
          execArgv: ['--import', 'tsx'],
        },
      },
      ...BACKENDS.filter((backend) => whyMissing(backend) === undefined).map(backendProject),
      {
        extends: true,
        test: {
          name: 'browser',
          include: [BROWSER_SUITES],
          globalSetup: SETUP,
          provide: { backend: 'embedded' },
          execArgv: ['--import', 'tsx'],
          // A page is opened and looked at some eighty times.
          testTimeout: 240_000,
        },
      },
    ],
  },
})
