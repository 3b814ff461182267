import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface CommandResult {
  code: number | null
  stdout: string
  stderr: string
}

/** The built program. */
export const PAPERBOY = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

/** Runs the built command line as a person would, in a separate process, with exactly these settings. */
export function paperboy(settings: Record<string, string>, ...args: string[]): Promise<CommandResult> {
  const child = spawn(process.execPath, [PAPERBOY, ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, LOG_LEVEL: 'silent', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const result: CommandResult = { code: null, stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    result.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    result.stderr += chunk
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ ...result, code })))
}
