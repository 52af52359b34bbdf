import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { expect, it } from 'vitest'
import { bundled, startChild } from '../support/child.ts'
import { startMailServer } from '../support/receivers/smtp.ts'

// Node reads NODE_EXTRA_CA_CERTS only at start, so a process of its own sends. 0.0.0.0 leads to this machine and is not
// loopback by its form, so its certificate is checked.

it.each([
  ['implicit TLS', 'smtps', { secure: true }],
  ['STARTTLS', 'smtp', { disabledCommands: [] }],
])("e-mail trusts a company's own CA in NODE_EXTRA_CA_CERTS, with %s", async (_, scheme, options) => {
  const folder = mkdtempSync(join(tmpdir(), 'clb-doctor-ca-'))
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'mail.example.com' }], {
    keySize: 2048,
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '0.0.0.0' }] },
    ],
  })
  const file = join(folder, 'ca.pem')
  writeFileSync(file, cert)
  const server = await startMailServer({ ...options, key, cert })
  const program = await bundled('delivery/programs/send-once.ts')
  const address = `${scheme}://0.0.0.0:${server.port}/?from=clb@example.com&to=oncall@example.com`
  const sent = async (ca: string): Promise<unknown> => {
    const child = startChild(program, [address], { NODE_EXTRA_CA_CERTS: ca })
    const line = await child.until(() => true)
    await child.kill()
    return JSON.parse(line)
  }
  expect(await sent('')).toMatchObject({ kind: 'retry', reason: expect.stringContaining('TLS: ') })
  expect(server.raw).toHaveLength(0)
  expect(await sent(file)).toEqual({ kind: 'delivered' })
  expect(server.raw).toHaveLength(1)
  await server.close()
  rmSync(folder, { recursive: true })
})
