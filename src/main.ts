#!/usr/bin/env node
import { runCommandLine } from './cli/program.ts'

// The only place that ends the process: everything is closed by then, but a keep-alive socket must not hold it open.
process.exit(await runCommandLine(process.argv))
