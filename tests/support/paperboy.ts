import { type ChildProcess, spawn } from 'node:child_process'
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

/** A service as an operator starts it. */
export interface Started {
  child: ChildProcess
  url: string
  said: () => string
}

/**
 * Starts the built service and waits until it tells its address. The caller must end it.
 * @throws Error with what it said, if it ends before.
 */
export function startPaperboy(settings: Record<string, string>): Promise<Started> {
  const child = spawn(process.execPath, [PAPERBOY, 'start'], {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'silent', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  let complaint = ''
  child.stderr.on('data', (chunk) => {
    complaint += chunk
  })
  return new Promise((resolve, reject) => {
    child.on('exit', () => reject(new Error(`expected a service, got its end: ${complaint}`)))
    child.stdout.on('data', (chunk) => {
      said += chunk
      const url = said.match(/Paperboy is at (\S+)/)?.[1]
      if (url !== undefined) resolve({ child, url, said: () => said })
    })
  })
}
