import { type Answer, ApiError, among, type Request, texts } from './api.ts'
import { findBalancer } from './clb.ts'
import { statusOf } from './packets.ts'
import type { SimulatedActions } from './parameters.ts'
import type { Balancer, Listener, World } from './world.ts'

// The calls for classic CLBs. Every listener forwards to the same machines, but to a port of its own.

function find(world: World, id: unknown): Balancer {
  const found = findBalancer(world, id)
  if (!found.classic) throw new ApiError('UnsupportedOperation', `${found.id} is not a classic load balancer`)
  return found
}

const portOf = ({ rules }: Listener): number => rules[0]?.backends[0]?.port ?? 0

function describeClassicalLBListeners(world: World, request: Request): Answer {
  const { listeners } = find(world, request.LoadBalancerId)
  return {
    Listeners: listeners
      .filter(({ id }) => among(id, texts(request.ListenerIds)))
      .flatMap((own) => {
        const check = own.rules[0]?.check
        return check
          ? [
              {
                ListenerId: own.id,
                ListenerPort: own.port,
                InstancePort: portOf(own),
                ListenerName: own.name,
                Protocol: own.protocol.toLowerCase(),
                SessionExpire: 0,
                HealthSwitch: check.on ? 1 : 0,
                TimeOut: check.timeout,
                IntervalTime: check.interval,
                HealthNum: 3,
                UnhealthNum: 3,
                HttpHash: '',
                HttpCode: check.codes,
                HttpCheckPath: check.path ?? '',
                SSLMode: '',
                CertId: '',
                CertCaId: '',
                Status: 1,
              },
            ]
          : []
      }),
  }
}

function describeClassicalLBTargets(world: World, request: Request): Answer {
  const { listeners } = find(world, request.LoadBalancerId)
  const [first] = listeners
  return {
    Targets: (first?.rules[0]?.backends ?? []).map(({ machineId, ip, weight }) => {
      const machine = world.machines.find(({ id }) => id === machineId)
      return {
        Type: 'CVM',
        InstanceId: machineId ?? '',
        Weight: weight,
        InstanceName: machine?.name ?? '',
        PrivateIpAddresses: [ip],
        PublicIpAddresses: [],
        RunFlag: machine ? (machine.state === 'RUNNING' ? 2 : 4) : 5,
      }
    }),
  }
}

function describeClassicalLBHealthStatus(world: World, request: Request): Answer {
  const balancer = find(world, request.LoadBalancerId)
  const wanted = request.ListenerId === undefined ? null : [String(request.ListenerId)]
  return {
    HealthList: balancer.listeners
      .filter(({ id }) => among(id, wanted))
      .flatMap((own) =>
        own.rules.flatMap((rule) =>
          rule.backends.map((backend) => ({
            IP: backend.ip,
            Port: backend.port,
            ListenerPort: own.port,
            Protocol: own.protocol,
            HealthStatus: statusOf(world, balancer, own, rule, backend) === 'Dead' ? 0 : 1,
          })),
        ),
      ),
  }
}

export const actions: SimulatedActions = {
  'clb:DescribeClassicalLBListeners': {
    takes: { LoadBalancerId: 'text', ListenerIds: 'texts' },
    needs: 'LoadBalancerId',
    answer: describeClassicalLBListeners,
  },
  'clb:DescribeClassicalLBTargets': {
    takes: { LoadBalancerId: 'text' },
    needs: 'LoadBalancerId',
    answer: describeClassicalLBTargets,
  },
  'clb:DescribeClassicalLBHealthStatus': {
    takes: { LoadBalancerId: 'text', ListenerId: 'text' },
    needs: 'LoadBalancerId',
    answer: describeClassicalLBHealthStatus,
  },
}
