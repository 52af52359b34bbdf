import { isLayer7 } from './fault.ts'
import { isHttp, type Setting } from './settings.ts'

// Health checks that expect what no answer gives, or that carry a host that the backends do not serve.

const HTTP_RULE: Setting['is'] = (check, { listener }) => isHttp(check) && isLayer7(listener)

export const EXPECTATIONS: readonly Setting[] = [
  { reason: 'bad-expectation', kind: 'machine', ceiling: 'certain', is: isHttp, fields: { codes: 1 } },
  {
    reason: 'bad-expectation',
    kind: 'machine',
    ceiling: 'likely',
    is: ({ type }) => type === 'CUSTOM',
    fields: { custom: { type: 'HEX', send: '0A1', recv: 'FF' } },
  },
  {
    reason: 'bad-expectation',
    kind: 'suspect',
    is: HTTP_RULE,
    fields: { type: 'GRPC', grpcCodes: '20,25', method: null },
  },
  {
    reason: 'wildcard-domain',
    kind: 'suspect',
    is: HTTP_RULE,
    fields: { host: null, codes: 2 },
    domain: '*.example.com',
    guests: { servesHost: 'shop.example.com' },
  },
]
