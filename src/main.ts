#!/usr/bin/env node
import { runCommandLine } from './cli/program.ts'

// A program that has read enough closes the pipe (`paperboy papers | head -1`). That is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

const code = await runCommandLine(process.argv)

// Text written to a pipe is in transit until its reader takes it; exiting now would lose the rest.
const flushed = (stream: NodeJS.WriteStream) =>
  new Promise<void>((resolve) => stream.write('', () => resolve()))
await Promise.all([flushed(process.stdout), flushed(process.stderr)])

// Only this line ends the process. Everything is closed by then, but an open keep-alive socket would keep the process
// running.
process.exit(code)
