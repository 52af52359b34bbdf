import { describe, expect, it } from 'vitest'
import type { HealthCheck } from '../../src/model/snapshot.ts'
import { renderText } from '../support/renderings.ts'
import { diagnosisOf, healthCheck } from '../support/snapshots.ts'

const textWith = (fields: Partial<HealthCheck>, language: 'en' | 'zh-CN' = 'en'): string =>
  renderText(
    diagnosisOf(
      { listener: { healthCheck: healthCheck(fields) }, machines: [{ host: 16, status: 'Alive' }] },
      language,
    ),
    { color: false, width: 300 },
  )

describe('the backends of a pool stand below the settings of their health check', () => {
  it('with what a custom check sends and wants back', () => {
    const fields = {
      type: 'CUSTOM',
      contextType: 'TEXT',
      sendContext: 'PING\r\n',
      recvContext: '+PONG',
    } as const
    expect(textWith(fields)).toContain(
      'Health check: CUSTOM, every 5 s, timeout 2 s, sends "PING\\r\\n" (TEXT), wants "+PONG" (TEXT) back',
    )
    expect(textWith(fields, 'zh-CN')).toContain('发送 "PING\\r\\n"（TEXT），应收到 "+PONG"（TEXT）')
    expect(textWith({ ...fields, recvContext: null })).toContain('the expected answer is empty')
    expect(textWith({ type: 'CUSTOM' })).not.toContain('sends')
  })

  it('with the codes of gRPC and of HTTP', () => {
    expect(textWith({ type: 'GRPC', extendedCode: '0-11' })).toContain('gRPC codes 0-11 are healthy')
    expect(
      textWith({
        type: 'HTTP',
        method: 'GET',
        host: 'shop.example.com',
        path: '/health',
        httpCodes: 2,
        port: 8081,
      }),
    ).toContain(
      'Health check: HTTP GET shop.example.com/health, port 8081, every 5 s, timeout 2 s, 2xx are healthy',
    )
  })

  it('or with the word that it is off', () => {
    expect(textWith({ enabled: false })).toContain('The health check is off')
  })
})
