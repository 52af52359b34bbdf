import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import selfsigned from 'selfsigned'
import type { Host, Lab } from './lab.ts'

/** A program that answers, well or badly. */
export type Server =
  | {
      readonly kind: 'nginx'
      /** Values of `listen`. With ` ssl` it has a certificate. */
      readonly listen: readonly string[]
      /** What stands in `server { … }`. */
      readonly body: string
      /** More `server` blocks. */
      readonly more?: string
      readonly on?: Host
    }
  /** server.mjs: what nginx cannot do. */
  | { readonly kind: 'node'; readonly does: NodeServer; readonly address: string; readonly port: number }
  /** listen.pl: never accepts. A device binds it to this device alone. */
  | {
      readonly kind: 'perl'
      readonly backlog: number
      readonly device?: string
      readonly option?: 'filter' | 'defer'
      readonly port: number
    }

export type NodeServer =
  | 'mute'
  | 'slow-1'
  | 'slow-3'
  | 'reset'
  | 'empty'
  | 'tls'
  | 'udp'
  | 'garbage'
  | 'own-only'

const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** Starts it, and returns when it listens. */
export async function startServer(lab: Lab, server: Server, folder: string): Promise<void> {
  if (server.kind === 'nginx') return await startNginx(lab, server, folder)
  const command =
    server.kind === 'node'
      ? [process.execPath, fileOf('server.mjs'), server.does, server.address, String(server.port), folder]
      : [
          'perl',
          fileOf('listen.pl'),
          String(server.port),
          String(server.backlog),
          server.device ?? '',
          server.option ?? '',
        ]
  if (server.kind === 'node' && server.does === 'tls') await writeCertificate(folder)
  await ready(lab.start('backend', command), command.join(' '))
}

/** It prints a line when it listens. */
async function ready(child: ChildProcess, name: string): Promise<void> {
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const line = once(createInterface({ input: child.stdout ?? process.stdin }), 'line')
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${name} ended: ${errors}`)
  })
  await Promise.race([line, ended])
  ended.catch(() => {})
}

async function startNginx(lab: Lab, server: Server & { kind: 'nginx' }, folder: string): Promise<void> {
  const host = server.on ?? 'backend'
  const prefix = join(folder, `nginx-${host}`)
  await mkdir(prefix, { recursive: true })
  const isTls = server.listen.some((value) => / ssl\b/.test(value))
  if (isTls) await writeCertificate(prefix)
  await writeFile(join(prefix, 'nginx.conf'), nginxText(server, prefix, isTls))
  const child = lab.start(host, ['nginx', '-p', prefix, '-c', 'nginx.conf', '-e', 'error.log'], prefix)
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  // The file is there when every socket listens and before the workers start.
  for (;;) {
    if (child.exitCode !== null) throw new Error(`nginx ended: ${errors}`)
    const { stdout } = await lab.output(host, ['ss', '-H', '-lnt'])
    if (server.listen.every((value) => stdout.includes(`:${portOf(value)} `))) return
    await sleep(20)
  }
}

const portOf = (listen: string): string => /(\d+)(?: .*)?$/.exec(listen)?.[1] ?? ''

const nginxText = (
  { listen, body, more = '' }: Server & { kind: 'nginx' },
  prefix: string,
  isTls: boolean,
) => `
daemon off;
user root;
worker_processes 2;
pid ${prefix}/nginx.pid;
error_log ${prefix}/error.log;
events { worker_connections 64; }
http {
  access_log off;
  default_type text/plain;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${prefix}/${name};`).join('\n  ')}
  server {
    ${listen.map((value) => `listen ${value};`).join('\n    ')}
    ${isTls ? `ssl_certificate ${prefix}/cert.pem; ssl_certificate_key ${prefix}/key.pem;` : ''}
    ${body}
  }
  ${more}
}
`

async function writeCertificate(folder: string): Promise<void> {
  const { cert, private: key } = await selfsigned.generate([{ name: 'commonName', value: 'backend' }])
  await writeFile(join(folder, 'cert.pem'), cert)
  await writeFile(join(folder, 'key.pem'), key)
}
