// What an answer costs the server: refusals must be cheaper than an alarm that is taken. The CPU time of the serving
// process for each request, over keep-alive connections, 16 at once. Not a part of `npm run bench`: it needs a minute.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const TOKEN = 'a-token-of-sixteen-letters'
const alarm = JSON.parse(readFileSync('test/fixtures/alarms/metric-l7-listener.json', 'utf8')).payload
const body = JSON.stringify(alarm)
const large = Buffer.alloc(2 * 1024 * 1024, 'x')
const agent = new Agent({ keepAlive: true, maxSockets: 16 })

const data = mkdtempSync(join(tmpdir(), 'door-'))
const server = spawn(process.execPath, ['dist/cli.cjs', 'serve', '--host', '127.0.0.1', '--port', '0'], {
  env: {
    PATH: process.env.PATH,
    TENCENTCLOUD_SECRETID: 'id',
    TENCENTCLOUD_SECRETKEY: 'key',
    TENCENTCLOUD_REGION: 'ap-guangzhou',
    CLB_DOCTOR_API_ORIGIN: 'http://127.0.0.1:9',
    CLB_DOCTOR_ALARM_TOKEN: TOKEN,
    CLB_DOCTOR_DATA: data,
  },
  stdio: ['ignore', 'ignore', 'pipe'],
})
const port = await new Promise((resolve) => {
  let log = ''
  server.stderr.on('data', (chunk) => {
    if (log.length < 10_000) log += chunk
    const found = /"message":"listening".*"port":(\d+)/.exec(log)
    if (found) resolve(Number(found[1]))
  })
})

const post = (path, content, headers = {}) =>
  new Promise((resolve, reject) => {
    const sending = request({ agent, port, path, method: 'POST', headers }, (reply) => {
      reply.resume()
      reply.once('end', () => resolve(reply.statusCode))
    })
    sending.once('error', reject)
    sending.end(content)
  })

const ticks = () => {
  const fields = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

async function measure(name, times, run) {
  const before = ticks()
  const began = performance.now()
  let left = times
  const statuses = new Set()
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      while (left-- > 0) statuses.add(await run())
    }),
  )
  const cpu = (1000 * (ticks() - before)) / times
  const line = `${name.padEnd(44)} ${[...statuses].join(' ')}  ${cpu.toFixed(0).padStart(5)} µs of CPU, ${((1000 * (performance.now() - began)) / times).toFixed(0).padStart(5)} µs in all`
  process.stdout.write(`${line}\n`)
}

const open = `/alarms?token=${TOKEN}`
await measure('(warming up)', 3_000, () => post(open, body))
for (let round = 0; round < 2; round++) {
  await measure('an alarm that is taken', 5_000, () => post(open, body))
  await measure('no token: 401', 5_000, () => post('/alarms', body))
  await measure('not JSON: 400', 5_000, () => post(open, body.slice(0, -9)))
  await measure('no alarm of a CLB: 200, refused', 5_000, () => post(open, '{"hello":1}'))
  await measure('over 1 MiB, announced and not sent: 413', 2_000, () =>
    post(open, '', { 'content-length': '2097152', expect: '100-continue', connection: 'close' }).catch(
      () => 413,
    ),
  )
}
await measure('2 MiB that are sent nevertheless: 413', 100, () => post(open, large))
server.once('close', () => rmSync(data, { recursive: true, force: true }))
server.kill('SIGKILL')
