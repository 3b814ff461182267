#!/usr/bin/env node
import { runCommandLine } from './cli/program.ts'

// A reader that has seen enough closes the pipe (`paperboy papers | head -1`): that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

const code = await runCommandLine(process.argv)

// What was written to a pipe is on its way until the reader has taken it: ending now would cut it off.
const flushed = (stream: NodeJS.WriteStream) =>
  new Promise<void>((resolve) => stream.write('', () => resolve()))
await Promise.all([flushed(process.stdout), flushed(process.stderr)])

// The only place that ends the process: everything is closed by then, but a keep-alive socket must not hold it open.
process.exit(code)
