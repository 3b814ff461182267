import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Config } from '../../config.ts'
import { PermanentError, reasonOf, UsageError } from '../../errors.ts'
import { domainOf, parseSender } from '../../mail/address.ts'
import { dkimRecord, isSelector, makeDkimKey, readPrivateKey } from '../../mail/deliver/dkim.ts'
import type { ExitCode } from '../terminal/exitCode.ts'
import { print } from '../terminal/print.ts'

/** Makes a key that signs mail, or takes the one that is there, and prints the DNS record and the setting. */
export async function runDkim(
  config: Config,
  options: { selector: string; file?: string },
): Promise<ExitCode> {
  const { selector } = options
  if (!isSelector(selector)) {
    throw new UsageError(`--selector: expected letters, digits and hyphens, got "${selector}"`)
  }
  const file = options.file ?? join(config.dataDir, `dkim-${selector}.pem`)
  const domain = domainOf(parseSender(config.mailFrom).address)
  const pem = (await existingKey(file)) ?? (await writeKey(file))
  print(`The key is in ${file}. Keep it to yourself. Publish this record in the DNS:`)
  print()
  print(dkimRecord(selector, domain, readPrivateKey(pem, file)))
  print()
  print(`When it can be looked up, set DKIM_KEYS=${selector}=${file} and start again.`)
  return 0
}

async function existingKey(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw unusable(file, error)
  }
}

/** A file that is there is never written over. */
async function writeKey(file: string): Promise<string> {
  const pem = makeDkimKey()
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await writeFile(file, pem, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    throw unusable(file, error)
  }
  return pem
}

function unusable(file: string, error: unknown): PermanentError {
  return new PermanentError(
    `expected a file that can be read or made, got "${file}": ${reasonOf(error)}; give another with --file`,
  )
}
