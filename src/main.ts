#!/usr/bin/env node
import { runCommandLine } from './cli/program.ts'

// A reader that has seen enough closes the pipe (`paperboy papers | head -1`): that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

// The only place that ends the process: everything is closed by then, but a keep-alive socket must not hold it open.
process.exit(await runCommandLine(process.argv))
