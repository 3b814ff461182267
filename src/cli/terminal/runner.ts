import type { ExitCode } from './exitCode.ts'

/** What a command does. */
export type Run<Args extends unknown[]> = (...args: Args) => Promise<ExitCode>

/** Makes an action for commander of it, which keeps the exit code. */
export type Runner = <Args extends unknown[]>(command: Run<Args>) => (...args: Args) => Promise<void>
