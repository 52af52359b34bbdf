import { guest, shop } from '../base.ts'
import { PROBE_COMMAND, withProbe } from '../probe-command.ts'
import { scenario } from '../scenario.ts'
import type { Guest, HealthCheck, World } from '../world.ts'

/** The shop, in which everything is open in the cloud and two machines have trouble inside. */
function inside(fields: Partial<Guest>, check: Partial<HealthCheck> = {}): World {
  const { world, machine, pool } = shop()
  for (const host of [16, 20]) machine(host).guest = guest(8080, fields)
  Object.assign(pool.check, check)
  return withProbe(world)
}

/** The API shows no cause; a look inside the machines does. */
export const insideScenarios = [
  scenario({
    name: 'guest-loopback',
    summary: {
      'zh-CN': '到机器内部查看：2 台机器上的服务只监听 127.0.0.1',
      en: 'a look inside: the service of two machines listens on 127.0.0.1 only',
    },
    command: PROBE_COMMAND,
    build: () => inside({ listens: [{ port: 8080, protocol: 'tcp', address: '127.0.0.1' }] }),
  }),
  scenario({
    name: 'guest-iptables',
    summary: {
      'zh-CN': '到机器内部查看：2 台机器的 iptables 丢弃健康检查',
      en: 'a look inside: iptables of two machines drops the health check',
    },
    command: PROBE_COMMAND,
    build: () => inside({ drops: ['203.0.113.0/24'] }),
  }),
  scenario({
    name: 'guest-vpn',
    summary: {
      'zh-CN': '到机器内部查看：2 台机器上的 VPN（Tailscale）占用 100.64.0.0/10，丢弃健康检查',
      en: 'a look inside: a VPN (Tailscale) on two machines has taken 100.64.0.0/10 and drops the health check',
    },
    command: PROBE_COMMAND,
    build: () => inside({ vpn: 'tailscale' }, { source: 1 }),
  }),
  scenario({
    name: 'guest-status',
    summary: {
      'zh-CN': '到机器内部查看：2 台机器上的应用返回 503',
      en: 'a look inside: the application of two machines answers 503',
    },
    command: PROBE_COMMAND,
    build: () => inside({ http: 503 }),
  }),
  scenario({
    name: 'guest-slow',
    summary: {
      'zh-CN': '到机器内部查看：2 台机器上的应用应答太慢，超过检查的超时时间',
      en: 'a look inside: the application of two machines answers later than the check waits',
    },
    command: PROBE_COMMAND,
    build: () => inside({ latencyMs: 4_000 }),
  }),
]
