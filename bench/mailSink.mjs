/**
 * A mail server that shares no code with Paperboy: it accepts every mail and counts. Each line on standard input asks
 * for the counts since the line before, which come as a line of JSON. `node mailSink.mjs [FOLDER]` also keeps the last
 * message in FOLDER/last.eml.
 */
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'

const END = Buffer.from('\r\n.\r\n')
const folder = process.argv[2]
let counts = fresh()
let last

function fresh() {
  return { accepted: 0, bytes: 0, signed: 0, first: 0, last: 0, recipients: new Set(), messageIds: new Set() }
}

function accept(message, recipient) {
  const now = Date.now()
  counts.accepted += 1
  counts.bytes += message.length
  counts.first ||= now
  counts.last = now
  counts.recipients.add(recipient)
  const head = message.subarray(0, 6000).toString('latin1')
  counts.messageIds.add(/^Message-ID: (\S+)/im.exec(head)?.[1])
  if (/^DKIM-Signature:/im.test(head)) counts.signed += 1
  last = message
}

/** Whether the last pieces hold the end of a message, or its pieces are so few that joining costs nothing. */
function endsMessage(pieces) {
  return pieces.length < 2 || Buffer.concat(pieces.slice(-2)).includes(END)
}

const server = createServer((socket) => {
  let buffered = []
  let length = 0
  let inData = false
  let recipient = ''
  socket.setNoDelay(true)
  socket.on('error', () => {})
  socket.write('220 sink ESMTP\r\n')
  const command = (line) => {
    const verb = line.slice(0, 4).toUpperCase()
    if (verb === 'EHLO') return '250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 10000000\r\n'
    if (verb === 'RCPT') recipient = line
    if (verb === 'DATA') {
      inData = true
      return '354 go\r\n'
    }
    if (verb === 'QUIT') {
      socket.end('221 bye\r\n')
      return ''
    }
    return '250 2.0.0 ok\r\n'
  }
  socket.on('data', (chunk) => {
    buffered.push(chunk)
    length += chunk.length
    // A message comes in many pieces: they are joined when the last one ends it.
    if (inData && length > 3 && !endsMessage(buffered)) return
    for (;;) {
      const all = buffered.length === 1 ? buffered[0] : Buffer.concat(buffered, length)
      const end = inData ? all.indexOf(END) : all.indexOf('\r\n')
      if (end < 0) {
        buffered = [all]
        return
      }
      const rest = all.subarray(end + (inData ? END.length : 2))
      let answer = '250 2.0.0 taken\r\n'
      if (inData) {
        inData = false
        accept(all.subarray(0, end + 2), recipient)
      } else answer = command(all.subarray(0, end).toString('latin1'))
      if (answer !== '') socket.write(answer)
      buffered = [rest]
      length = rest.length
      if (length === 0) return
    }
  })
})

server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })))
createInterface({ input: process.stdin }).on('line', () => {
  const { recipients, messageIds, ...plain } = counts
  console.log(JSON.stringify({ ...plain, recipients: recipients.size, messageIds: messageIds.size }))
  if (folder && last) writeFileSync(`${folder}/last.eml`, last)
  counts = fresh()
})
