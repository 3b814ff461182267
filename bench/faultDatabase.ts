import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const DEBIAN = '/usr/lib/postgresql'

/** A PostgreSQL server of one's own, which may be restarted. */
export interface OwnPostgres {
  /** The connection string of its database `postgres`, on which databases may be created. */
  url: string
  /** Restarts it as after a crash: connections are cut, nothing is shut down in order. */
  crash(): Promise<void>
  stop(): Promise<void>
}

/**
 * Makes and starts a server in a folder of its own. As root, it runs as the user `postgres`, because PostgreSQL refuses to run as root.
 * @throws if this machine has no PostgreSQL programs.
 */
export async function startPostgres(port: number): Promise<OwnPostgres> {
  const bin = await programFolder()
  const asPostgres = process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--'] : []
  const call = async (program: string, ...args: string[]) => {
    const [command, ...rest] = [...asPostgres, program, ...args]
    // `pg_ctl` hands its output to the server, which would keep it open: nothing is read from it.
    return (await run(command!, rest, { cwd: '/' })).stdout
  }
  const folder = (await call('mktemp', '-d')).trim()
  const data = join(folder, 'data')
  const log = join(folder, 'log')
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c fsync=off`
  await call(join(bin, 'initdb'), '-D', data, '-A', 'trust', '-U', 'postgres')
  const control = (...args: string[]) => call(join(bin, 'pg_ctl'), '-D', data, '-w', ...args)
  await control('-l', log, '-o', options, 'start')
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    async crash() {
      await control('-l', log, '-o', options, '-m', 'immediate', 'restart')
    },
    async stop() {
      await control('-m', 'immediate', 'stop').catch(() => {})
      await call('rm', '-r', folder)
    },
  }
}

/** Where the newest installed server's programs are. Debian has them beside PATH. */
async function programFolder(): Promise<string> {
  const versions = await readdir(DEBIAN).catch(() => [])
  const newest = versions.filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(b) - Number(a))[0]
  if (newest === undefined)
    throw new Error(`expected PostgreSQL’s programs in ${DEBIAN}, found none; install postgresql`)
  return join(DEBIAN, newest, 'bin')
}
