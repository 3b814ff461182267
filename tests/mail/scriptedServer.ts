import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** A step of an SMTP session; `BODY` is the first byte of the message, `.` its end. */
export type Step = 'CONNECT' | 'EHLO' | 'MAIL' | 'RCPT' | 'DATA' | 'BODY' | '.' | 'RSET' | 'QUIT'

/** A reply line, or: end the connection, say nothing, or send a reply that never ends. */
export type Answer = string | 'drop' | 'silence' | 'trickle'

/** What to answer where it is not the usual; a list has one answer for each time, the last for all that follow. */
export type Script = Partial<Record<Step, Answer | Answer[]>>

export interface ScriptedServer {
  url: string
  /** Connections so far. */
  connections: number
  /** Messages received whole, whatever was answered then. */
  messages: string[]
  /** Command lines as they came. */
  commands: string[]
  /** Ends every connection from this side; resolves when the other side has noticed and closed too. */
  hangUp(): Promise<void>
  close(): Promise<void>
}

const USUAL: Record<Step, string> = {
  CONNECT: '220 test',
  EHLO: '250 test',
  MAIL: '250 sender ok',
  RCPT: '250 recipient ok',
  DATA: '354 go ahead',
  BODY: '',
  '.': '250 2.0.0 taken as 4711',
  RSET: '250 reset',
  QUIT: '221 bye',
}

/** A real TCP server on a free loopback port that speaks SMTP as scripted, faults and all. */
export async function startScriptedServer(script: Script): Promise<ScriptedServer> {
  const sockets = new Set<Socket>()
  const times = new Map<Step, number>()
  const answerTo = (step: Step): Answer => {
    const answers = [script[step] ?? USUAL[step] ?? '502 command not known'].flat()
    const time = times.get(step) ?? 0
    times.set(step, time + 1)
    return answers[Math.min(time, answers.length - 1)] ?? ''
  }
  const listener = createServer((socket) => {
    server.connections += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    converse(socket, server, (step) => say(socket, answerTo(step)))
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const hangUp = async () => {
    const closed = [...sockets].map((socket) => once(socket, 'close'))
    for (const socket of sockets) socket.end()
    await Promise.all(closed)
  }
  const server: ScriptedServer = {
    url: `smtp://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    connections: 0,
    messages: [],
    commands: [],
    hangUp,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => listener.close(resolve))
    },
  }
  return server
}

function converse(socket: Socket, server: ScriptedServer, answer: (step: Step) => boolean): void {
  let rest = ''
  let body: string[] | undefined
  answer('CONNECT')
  socket.on('data', (chunk) => {
    const lines = (rest + chunk.toString('latin1')).split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (body === undefined) {
        server.commands.push(line)
        const step = line.slice(0, 4).toUpperCase() as Step
        const goesOn = answer(step)
        if (step === 'DATA' && goesOn) body = []
        continue
      }
      if (body.length === 0 && !answer('BODY')) return
      if (line !== '.') {
        body.push(line)
        continue
      }
      server.messages.push(body.join('\r\n'))
      body = undefined
      answer('.')
    }
  })
}

/** True when the session goes on as usual. */
function say(socket: Socket, answer: Answer): boolean {
  if (answer === 'drop') socket.destroy()
  else if (answer === 'trickle') trickle(socket)
  else if (answer !== 'silence' && answer !== '' && socket.writable) socket.write(`${answer}\r\n`)
  return answer === '' || /^[23]/.test(answer)
}

function trickle(socket: Socket): void {
  const timer = setInterval(() => socket.write('250-not yet\r\n'), 20)
  socket.on('close', () => clearInterval(timer))
}
