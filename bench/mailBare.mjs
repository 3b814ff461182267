/**
 * A bare nodemailer pool that signs and sends one fixed message again and again: what Paperboy is measured against.
 * `node mailBare.mjs PORT COUNT KEYFILE MESSAGE.json`; MESSAGE.json has html and text.
 */
import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createTransport } from 'nodemailer'

const [port, count, keyFile, messageFile] = process.argv.slice(2)
const { html, text } = JSON.parse(readFileSync(messageFile, 'utf8'))
const pool = createTransport({
  host: '127.0.0.1',
  port: Number(port),
  pool: true,
  maxConnections: 5,
  dkim: {
    domainName: 'example.org',
    keySelector: 'bench',
    privateKey: createPrivateKey(readFileSync(keyFile)),
  },
})
const from = 'Paperboy <digest@example.org>'
const started = Date.now()
let next = 0
async function lane() {
  for (let number = next++; number < Number(count); number = next++) {
    await pool.sendMail({ from, to: `subscriber${number}@example.org`, subject: '10 papers', html, text })
  }
}
await Promise.all(Array.from({ length: 20 }, lane))
const { user, system } = process.cpuUsage()
console.log(
  JSON.stringify({
    sent: Number(count),
    seconds: (Date.now() - started) / 1000,
    processorMilliseconds: (user + system) / 1000 / Number(count),
  }),
)
pool.close()
