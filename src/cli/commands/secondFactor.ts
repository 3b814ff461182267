import type { Config } from '../../config.ts'
import { insertAudit } from '../../db/audit.ts'
import { deleteSecondFactor } from '../../db/secondFactors.ts'
import type { ExitCode } from '../terminal/exitCode.ts'
import { print } from '../terminal/print.ts'
import { withTools } from '../terminal/withTools.ts'

/** Takes the second factor of the desk's login away, for the day on which phone and recovery codes are lost. */
export async function removeSecondFactor(config: Config): Promise<ExitCode> {
  return withTools(config, async ({ tools: { db, now } }): Promise<ExitCode> => {
    if (!(await deleteSecondFactor(db, 'admin'))) {
      print('No second factor was set up; nothing is changed.')
      return 0
    }
    await insertAudit(db, { at: now(), actor: 'command line', action: 'removed the second factor' })
    print('The password alone opens /admin again. Set up a new second factor at /admin/sessions.')
    return 0
  })
}
