import { expect, test } from 'vitest'
import { createLog } from '../../src/health/log.ts'

function logged(isTerminal: boolean, write: (log: ReturnType<typeof createLog>) => void): string {
  let text = ''
  const stream = {
    write(line: string) {
      text += line
    },
  }
  write(createLog('info', isTerminal, stream))
  return text
}

test('is JSON with ISO times where no person looks', () => {
  const [line, ...more] = logged(false, (log) => log.warn({ step: 'sendDigests' }, 'job failed')).split('\n')
  expect(JSON.parse(line!)).toEqual({
    level: 40,
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    step: 'sendDigests',
    msg: 'job failed',
  })
  expect(more).toEqual([''])
})

test('is a line to read on a terminal', () => {
  const line = logged(true, (log) =>
    log.warn({ step: 'sendDigests', reason: '550 no "such" user' }, 'job failed'),
  )
  expect(line).toMatch(
    /^\d\d:\d\d:\d\d WARN {2}job failed {2}step=sendDigests reason="550 no \\"such\\" user"\n$/,
  )
  expect(logged(true, (log) => log.debug('not shown'))).toBe('')
  expect(logged(true, (log) => log.error(new Error('broke')))).toMatch(/ERROR broke[\s\S]*log\.test\.ts/)
})

test.each([false, true])('names nobody’s address (terminal: %s)', (isTerminal) => {
  const text = logged(isTerminal, (log) => {
    log.info(
      { to: 'ann@example.org', reason: '550 <bo.li@example.org>: no such user' },
      'refused cy@example.org',
    )
  })
  expect(text).not.toMatch(/ann@|bo\.li@|cy@/)
  expect(text).toContain('c•••@example.org')
  if (!isTerminal) expect(JSON.parse(text).reason).toContain('no such user')
})
