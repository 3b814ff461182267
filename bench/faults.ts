import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { reasonOf } from '../src/errors.ts'
import { FAULTS, type Fault } from './faultCases.ts'
import { type Outcome, openStage } from './faultStage.ts'

/**
 * Sends 300 digests while something goes wrong, once for each fault, and lets an independent mail server judge: who was
 * reached, refused or lost, and who got two mails. A JSON line for each fault; exits with 1 if one is not as it must be.
 */

const USAGE =
  'DATABASE_URL_TEST=postgresql://… npm run -s test:faults [-- --due 300 --on servers,embedded --only kill,greylisted]'

const { values } = parseArgs({
  options: {
    due: { type: 'string', default: '300' },
    on: { type: 'string', default: 'servers,embedded' },
    only: { type: 'string', default: '' },
  },
})
if (process.env.DATABASE_URL_TEST === undefined) {
  console.error(
    `expected DATABASE_URL_TEST, the address of a server on which databases may be created: ${USAGE}`,
  )
  process.exit(2)
}
const MOST_SECONDS = 60
const only = values.only === '' ? undefined : new Set(values.only.split(','))
let wrong = 0
for (const backend of values.on.split(',') as ('servers' | 'embedded')[]) {
  for (const fault of FAULTS) {
    if (only && !only.has(fault.name)) continue
    if (!fault.on.includes(backend)) continue
    await judge(fault, backend)
  }
}
process.exitCode = wrong > 0 ? 1 : 0

async function judge(fault: Fault, backend: 'servers' | 'embedded'): Promise<void> {
  const due = Number(values.due)
  const folder = await mkdtemp(join(tmpdir(), 'paperboy-faults-'))
  const { onDoubt = 'resend', disk, ownPostgres, proxied, prepare } = fault
  const stage = await openStage({ folder, backend, due, onDoubt, disk, ownPostgres, proxied, prepare })
  try {
    if (!fault.startsLate) await stage.start()
    await fault.inject(stage)
    const endedAt = Date.now()
    const outcome = await stage.settle()
    report(fault, backend, due, outcome, (outcome.settledAt - endedAt) / 1000)
  } catch (error) {
    wrong += 1
    console.log(JSON.stringify({ fault: fault.name, on: backend, right: false, error: reasonOf(error) }))
  } finally {
    await stage.close()
    await rm(folder, { recursive: true, force: true })
  }
}

function report(fault: Fault, backend: string, due: number, outcome: Outcome, seconds: number): void {
  const { reached, refused, held, copies, different, open } = outcome
  const mayHold = fault.onDoubt === 'hold'
  // A held digest that did not arrive is not lost: it is listed for the operator. `resend` may hold what is twice in doubt.
  const lost = due - reached - refused - held
  const right =
    lost === 0 && different === 0 && (!mayHold || copies === 0) && open === 0 && seconds <= MOST_SECONDS
  if (!right) wrong += 1
  const settledSeconds = Math.round(Math.max(0, seconds))
  console.log(
    JSON.stringify({
      ...{ fault: fault.name, on: backend, right, due, reached, refused, held, lost },
      ...{ copies, different, settledSeconds, open },
    }),
  )
}
