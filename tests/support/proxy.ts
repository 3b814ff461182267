import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import { type RequestOptions, request } from 'node:https'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../../src/demo/freePort.ts'

/** The host name in docs/deploy. */
export const HOST = 'digest.example.org'

/** A proxy with a configuration of docs/deploy, in front of a service. */
export interface RunningProxy {
  httpPort: number
  httpsPort: number
  child: ChildProcess
}

const PATHS = { nginx: '/usr/sbin/nginx', caddy: '/usr/bin/caddy' }

export type ProxyName = keyof typeof PATHS

export const isInstalled = (name: ProxyName) => existsSync(PATHS[name])
const snippet = (name: string) => readFileSync(new URL(`../../docs/deploy/${name}`, import.meta.url), 'utf8')

/** Starts a proxy with its files in a folder. Only ports, certificate and temporary files are not those of the docs. */
export async function startProxy(name: ProxyName, folder: string, serviceUrl: string): Promise<RunningProxy> {
  const [httpPort, httpsPort] = [await freePort(0), await freePort(0)]
  const given = { folder, httpPort, httpsPort, service: new URL(serviceUrl).port }
  const args = await (name === 'nginx' ? configureNginx(given) : configureCaddy(given))
  const child = spawn(PATHS[name], args, { stdio: 'ignore', env: { HOME: folder, XDG_DATA_HOME: folder } })
  return { httpPort, httpsPort, child }
}

interface Given {
  folder: string
  httpPort: number
  httpsPort: number
  service: string
}

async function configureNginx({ folder, httpPort, httpsPort, service }: Given): Promise<string[]> {
  const key = join(folder, 'key.pem')
  const certificate = join(folder, 'certificate.pem')
  const subject = ['-subj', `/CN=${HOST}`, '-days', '2', '-keyout', key, '-out', certificate]
  await promisify(execFile)('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject])
  const hasIpv6 = (networkInterfaces().lo ?? []).some(({ family }) => family === 'IPv6')
  const ports = (text: string) => text.replace(/\b80\b/, `${httpPort}`).replace(/\b443\b/, `${httpsPort}`)
  const server = snippet('nginx.conf')
    .replace(/^ *listen \[::\]:.*\n/gm, (line) => (hasIpv6 ? ports(line.replace('[::]', '[::1]')) : ''))
    .replace(/^ *listen \d.*$/gm, (line) => ports(line.replace('listen ', 'listen 127.0.0.1:')))
    .replace('/etc/ssl/paperboy/fullchain.pem', certificate)
    .replace('/etc/ssl/paperboy/privkey.pem', key)
    .replaceAll('127.0.0.1:3000', `127.0.0.1:${service}`)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (what) => `${what}_temp_path ${join(folder, what)};`,
  )
  const main = `daemon off; user root; pid ${join(folder, 'pid')}; error_log ${join(folder, 'error.log')};
    events {} http { access_log off; ${temporary.join(' ')} ${server} }`
  await writeFile(join(folder, 'nginx.conf'), main)
  return ['-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')]
}

async function configureCaddy({ folder, httpPort, httpsPort, service }: Given): Promise<string[]> {
  const options = `{
    admin off
    http_port ${httpPort}
    https_port ${httpsPort}
    default_bind 127.0.0.1
    local_certs
    skip_install_trust
  }\n`
  const site = snippet('Caddyfile').replace('127.0.0.1:3000', `127.0.0.1:${service}`)
  await writeFile(join(folder, 'Caddyfile'), options + site)
  return ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile']
}

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** A visitor with an address of their own, 127.0.0.N, who comes over https and keeps cookies. */
export function visitProxy({ httpsPort }: RunningProxy, localAddress: string) {
  const cookies = new Map<string, string>()
  /** Opens a request; its body is still to be written. */
  const open = (path: string, options: RequestOptions = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const sent = request({
      ...{ host: '127.0.0.1', port: httpsPort, path, localAddress, servername: HOST },
      // Made for this test alone, by nobody that anybody trusts.
      ...{ rejectUnauthorized: false, agent: false },
      ...options,
      headers: { host: HOST, accept: 'text/html', cookie, origin: `https://${HOST}`, ...options.headers },
    })
    const answer = new Promise<Answer>((resolve, reject) => {
      sent.on('error', reject)
      sent.on('response', (response) => {
        for (const line of response.headers['set-cookie'] ?? []) {
          const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!
          cookies.set(name!, value!)
        }
        let body = ''
        response.setEncoding('utf8').on('data', (text) => {
          body += text
        })
        response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }))
      })
    })
    return { sent, answer }
  }
  const send = (path: string, options: RequestOptions = {}, body?: string) => {
    const { sent, answer } = open(path, options)
    sent.end(body)
    return answer
  }
  const post = (path: string, fields: Record<string, string>) =>
    send(
      path,
      { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      new URLSearchParams(fields).toString(),
    )
  return { open, send, post }
}
