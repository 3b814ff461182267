import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { Stage } from './faultStage.ts'

/** Something that goes wrong while digests are sent. */
export interface Fault {
  name: string
  on: ('servers' | 'embedded')[]
  /** MAIL_ON_DOUBT of the run; `resend` unless said. */
  onDoubt?: 'hold' | 'resend'
  /** The size of a disk of its own for the embedded database, in megabytes. */
  disk?: number
  /** It needs a PostgreSQL server of its own. */
  ownPostgres?: true
  /** The workers reach the database by a proxy that cuts connections. */
  proxied?: true
  /** It starts the first process itself. */
  startsLate?: true
  /** A statement that changes the rows before. */
  prepare?: string
  /** Ends when nothing is wrong any more. */
  inject(stage: Stage): Promise<void>
}

const BOTH: Fault['on'] = ['servers', 'embedded']
const SERVERS: Fault['on'] = ['servers']

/** Every twentieth reader has a mailbox at this domain. */
const SLOW_DOMAIN = `UPDATE subscribers SET
  email = replace(email, 'example.org', 'slow.example'), email_key = replace(email_key, 'example.org', 'slow.example')
  WHERE id % 20 = 0`

const killWorkers = async (stage: Stage) => {
  await Promise.all(stage.processes.map((child) => stage.end(child, 'SIGKILL')))
}

/** Kills the worker so often, each time when a few mails more have come, and starts another. */
const killOften = (times: number) => async (stage: Stage) => {
  for (let kill = 1; kill <= times; kill += 1) {
    await stage.untilSeen(Math.min(280, kill * 20))
    await killWorkers(stage)
    await stage.start()
  }
}

/** The mail server answers so until some recipients have come, and for a while more. */
const answering =
  (rules: Record<string, [number, string][]>, seconds = 15, recipients = 1) =>
  async (stage: Stage) => {
    await stage.rules(rules)
    if (recipients > 0) await stage.untilSeen(recipients)
    await delay(seconds * 1000)
    await stage.rules({})
  }

const away = async (stage: Stage) => {
  await stage.rules({ CONNECT: [[1, 'drop']] })
  await stage.hangUp()
  await delay(20_000)
  await stage.rules({})
}

/** One line each in the catalogue of faults: of the process, the queue, the database, the mail server, the clock. */
export const FAULTS: Fault[] = [
  { name: 'nothing', on: BOTH, inject: (stage) => stage.untilSeen(280) },
  { name: 'kill', on: BOTH, inject: killOften(15) },
  { name: 'kill and hold', on: BOTH, onDoubt: 'hold', inject: killOften(5) },
  {
    name: 'kill while planning',
    on: BOTH,
    async inject(stage) {
      for (let tries = 0; tries < 3; tries += 1) {
        await untilPlanned(stage)
        await killWorkers(stage)
        await stage.start()
      }
    },
  },
  {
    name: 'terminate',
    on: BOTH,
    onDoubt: 'hold',
    async inject(stage) {
      for (const seen of [30, 120]) {
        await stage.untilSeen(seen)
        await Promise.all(stage.processes.map((child) => stage.end(child, 'SIGTERM')))
        await stage.start()
      }
    },
  },
  {
    name: 'stopped past its lease',
    on: SERVERS,
    onDoubt: 'hold',
    async inject(stage) {
      await stage.untilSeen(30)
      const [worker] = stage.processes
      process.kill(-worker!.pid!, 'SIGSTOP')
      await stage.start()
      await delay(75_000)
      process.kill(-worker!.pid!, 'SIGCONT')
    },
  },
  {
    name: 'three workers',
    on: SERVERS,
    onDoubt: 'hold',
    async inject(stage) {
      await Promise.all([stage.start(), stage.start()])
      await stage.untilSeen(280)
    },
  },
  {
    name: 'clocks two hours off',
    on: SERVERS,
    onDoubt: 'hold',
    async inject(stage) {
      await stage.start(['faketime', '-f', '+2h'])
      await stage.start(['faketime', '-f', '-2h'])
      await stage.untilSeen(100)
      await stage.end(stage.processes[0]!, 'SIGKILL')
    },
  },
  {
    name: 'Redis killed and empty',
    on: SERVERS,
    async inject(stage) {
      await stage.untilSeen(30)
      await stage.stopRedis()
      await stage.startRedis()
    },
  },
  {
    name: 'Redis away',
    on: SERVERS,
    async inject(stage) {
      await stage.untilSeen(30)
      await stage.stopRedis()
      await delay(30_000)
      await stage.startRedis()
    },
  },
  {
    name: 'Redis full',
    on: SERVERS,
    async inject(stage) {
      await stage.untilSeen(30)
      await stage.limitRedis(1)
      await delay(20_000)
      await stage.limitRedis(0)
    },
  },
  {
    name: 'Redis full at the start',
    on: SERVERS,
    startsLate: true,
    async inject(stage) {
      await stage.limitRedis(1)
      await stage.start()
      await delay(20_000)
      await stage.limitRedis(0)
    },
  },
  {
    name: 'database connections cut',
    on: SERVERS,
    async inject(stage) {
      for (let cut = 1; cut <= 5; cut += 1) {
        await stage.untilSeen(cut * 40)
        await stage.query(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
        )
      }
    },
  },
  {
    name: 'PostgreSQL restarted',
    on: SERVERS,
    ownPostgres: true,
    async inject(stage) {
      for (const seen of [30, 120, 210]) {
        await stage.untilSeen(seen)
        await stage.crashPostgres()
      }
    },
  },
  {
    name: 'connection cut during COMMIT',
    on: SERVERS,
    proxied: true,
    async inject(stage) {
      stage.proxy().cut({ commits: 0.3, others: 0.03 })
      await stage.untilSeen(280)
      stage.proxy().cut({ commits: 0, others: 0 })
      const { commits, others } = stage.proxy().cuts()
      if (commits === 0 || others === 0)
        throw new Error(`expected COMMITs and other statements to be cut, got ${commits} and ${others}`)
    },
  },
  {
    name: 'table locked',
    on: SERVERS,
    async inject(stage) {
      await stage.untilSeen(30)
      await stage.query('BEGIN; LOCK TABLE digests IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(15); COMMIT')
    },
  },
  {
    name: 'disk full',
    on: ['embedded'],
    onDoubt: 'hold',
    disk: 300,
    async inject(stage) {
      const ended = once(stage.processes.at(-1)!, 'exit')
      await stage.untilSeen(30)
      await stage.fillDisk()
      const [code] = await ended
      const words = stage.complaints().trim()
      if (!code || words.includes('\n') || !words.includes('disk'))
        throw new Error(
          `expected an exit with a code and one line about the disk, got ${code} and "${words}"`,
        )
      await stage.emptyDisk()
      await stage.start()
    },
  },
  { name: '421 at connect', on: BOTH, inject: answering({ CONNECT: [[1, '421 4.3.2 later']] }, 20, 0) },
  { name: '421 at MAIL', on: BOTH, inject: answering({ MAIL: [[1, '421 4.7.0 slow down']] }, 20, 0) },
  { name: 'greylisted', on: BOTH, inject: answering({ RCPT: [[1, '451 4.7.1 Greylisted']] }) },
  {
    name: 'no such user for every tenth',
    on: BOTH,
    onDoubt: 'hold',
    inject: answering({ RCPT: [[0.1, '550 5.1.1 no such user']] }, 0, 250),
  },
  { name: 'our fault 5.7.515', on: BOTH, inject: answering({ RCPT: [[1, '550 5.7.515 Access denied']] }) },
  {
    name: 'our fault in words',
    on: BOTH,
    inject: answering({ RCPT: [[1, '550 Sender verify failed']] }),
  },
  {
    name: 'never greets and kill',
    on: BOTH,
    onDoubt: 'hold',
    async inject(stage) {
      await stage.rules({ CONNECT: [[1, 'silence']] })
      await delay(15_000)
      await killWorkers(stage)
      await stage.rules({})
      await stage.start()
    },
  },
  { name: 'relay away', on: BOTH, inject: away },
  {
    name: 'one slow domain',
    on: BOTH,
    startsLate: true,
    prepare: SLOW_DOMAIN,
    inject: slowDomain,
  },
  {
    name: 'drops before the message is stored',
    on: BOTH,
    inject: answering({ BODY: [[0.1, 'drop']] }, 0, 280),
  },
  {
    name: 'drops after the message is stored',
    on: BOTH,
    inject: answering({ '.': [[0.1, 'drop']] }, 0, 280),
  },
  {
    name: 'drops after the message is stored and hold',
    on: BOTH,
    onDoubt: 'hold',
    inject: answering({ '.': [[0.1, 'drop']] }, 0, 280),
  },
  {
    name: 'everything at random',
    on: BOTH,
    inject: answering(
      {
        CONNECT: [[0.05, '421 4.3.2 later']],
        MAIL: [[0.02, '451 4.3.0 later']],
        RCPT: [
          [0.05, '451 4.7.1 Greylisted'],
          [0.02, '550 5.1.1 no such user'],
        ],
        DATA: [[0.02, 'drop']],
        BODY: [[0.02, 'drop']],
        '.': [[0.02, 'drop']],
      },
      0,
      280,
    ),
  },
]

async function untilPlanned(stage: Stage): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const rows = await stage.query('SELECT count(*)::integer AS digests FROM digests').catch(() => [])
    if (Number(rows[0]?.digests ?? 0) > 0) return
    await delay(50)
  }
}

/** Every twentieth reader's domain takes eight seconds for each mail. @throws if the others had to wait until all those were through. */
async function slowDomain(stage: Stage): Promise<void> {
  const slow = (address: string) => address.endsWith('@slow.example')
  await stage.slowDown('slow.example', 8)
  await stage.start()
  for (;;) {
    const reached = await stage.reached()
    const early = reached.filter(slow).length
    if (reached.length - early === (stage.due * 19) / 20) {
      if (early >= stage.due / 20)
        throw new Error(`expected the slow domain’s mails last, got all ${early} before the others`)
      return
    }
    await delay(100)
  }
}
