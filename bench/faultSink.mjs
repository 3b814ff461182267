/**
 * A mail server of its own process that misbehaves as told and remembers what it accepted and refused. It shares no
 * code with Paperboy. Lines of JSON on standard input: `{"rules": {…}}` sets what is done from now on, `{"report":
 * true}` asks for the counts so far, `{"list": true}` for the recipients too, `{"tokens": true}` for the links to confirm
 * that came since the last such question. `rules`: the share (0 to 1) of replies for each step that are a given answer, for
 * example `{"RCPT": [[0.05, "451 4.7.1 later"]]}`; `drop` ends the connection, `silence` never answers. Steps: CONNECT,
 * MAIL, RCPT, DATA, BODY (before the message is stored), "." (after it is stored). `{"slow": {"domain": "a.example", "seconds": 8}}`: from
 * now on mails to that domain are accepted so long after they came.
 */
import { createHash } from 'node:crypto'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'

const USUAL = {
  CONNECT: '220 sink ESMTP',
  EHLO: '250 sink',
  MAIL: '250 2.1.0 ok',
  RCPT: '250 2.1.5 ok',
  DATA: '354 go',
  '.': '250 2.0.0 taken',
  RSET: '250 ok',
  QUIT: '221 bye',
}
let rules = {}
let slow
/** By recipient: the Message-IDs accepted, one for each copy. */
const accepted = new Map()
const refused = new Set()
const seen = new Set()
const sockets = new Set()
let lastAt = 0
/** Mails by kind, as their Feedback-ID says. */
const kinds = {}
const tokens = []

function answerTo(step) {
  let draw = Math.random()
  for (const [share, answer] of rules[step] ?? []) {
    if (draw < share) return answer
    draw -= share
  }
  return USUAL[step] ?? '502 5.5.1 what'
}

function noteKind(message) {
  const kind = /^Feedback-ID: [^:]*::(\w+):/im.exec(message)?.[1] ?? 'other'
  kinds[kind] = (kinds[kind] ?? 0) + 1
  const token = /\/confirm\/([\w-]{43})/.exec(message.replace(/=\r\n/g, ''))?.[1]
  if (token) tokens.push(token)
}

const server = createServer((socket) => {
  let rest = ''
  let body
  let recipient = ''
  sockets.add(socket)
  socket.on('error', () => {})
  socket.on('close', () => sockets.delete(socket))
  const say = (step) => {
    const answer = answerTo(step)
    if (answer === 'drop') {
      socket.destroy()
      return false
    }
    if (answer === 'silence') return false
    socket.write(`${answer}\r\n`)
    if (step === 'RCPT' && answer.startsWith('5')) refused.add(recipient)
    return answer.startsWith('2') || answer.startsWith('3')
  }
  if (!say('CONNECT')) return
  socket.on('data', (chunk) => {
    const lines = (rest + chunk.toString('latin1')).split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (socket.destroyed) return
      if (body === undefined) {
        const step = line.slice(0, 4).toUpperCase().trim()
        if (step === 'RCPT') recipient = /<([^>]*)>/.exec(line)?.[1] ?? ''
        if (step === 'RCPT') seen.add(recipient)
        const goesOn = say(step === 'HELO' ? 'EHLO' : step)
        if (step === 'DATA' && goesOn) body = []
        if (step === 'QUIT') socket.end()
        continue
      }
      if (line !== '.') {
        body.push(line)
        continue
      }
      const message = body.join('\r\n')
      body = undefined
      if (slow !== undefined && recipient.endsWith(`@${slow.domain}`)) {
        const to = recipient
        setTimeout(() => accept(to, message), slow.seconds * 1000)
        continue
      }
      if (answerTo('BODY') === 'drop') {
        socket.destroy()
        return
      }
      accept(recipient, message)
      if (socket.destroyed) return
    }
  })
  function accept(to, message) {
    const answer = answerTo('.')
    if (/^[45]/.test(answer)) {
      if (answer.startsWith('5')) refused.add(to)
      socket.write(`${answer}\r\n`)
      return
    }
    const id = /^Message-ID: (\S+)/im.exec(message)?.[1] ?? createHash('sha256').update(message).digest('hex')
    accepted.set(to, [...(accepted.get(to) ?? []), id])
    lastAt = Date.now()
    noteKind(message)
    if (answer === 'drop') socket.destroy()
    else if (answer !== 'silence') socket.write(`${answer}\r\n`)
  }
})

server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () =>
  console.log(JSON.stringify({ port: server.address().port })),
)
const questions = createInterface({ input: process.stdin })
// Whoever asked is gone.
questions.on('close', () => process.exit())
questions.on('line', (line) => {
  const asked = JSON.parse(line)
  if (asked.rules) rules = asked.rules
  if (asked.slow) slow = asked.slow
  if (asked.hangUp) for (const socket of sockets) socket.destroy()
  const copies = [...accepted.values()]
  console.log(
    JSON.stringify({
      reached: accepted.size,
      refused: [...refused].filter((recipient) => !accepted.has(recipient)).length,
      copies: copies.reduce((sum, ids) => sum + ids.length - 1, 0),
      different: copies.reduce((sum, ids) => sum + new Set(ids).size - 1, 0),
      seen: seen.size,
      lastAt,
      kinds,
      ...(asked.tokens && { tokens: tokens.splice(0) }),
      ...(asked.list && { reachedAt: [...accepted.keys()], refusedAt: [...refused] }),
    }),
  )
})
