import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { SERVICES } from '../../src/cloud/actions.ts'
import { ACTIONS } from '../../src/model/actions/index.ts'

const access = { credential: { secretId: 'id', secretKey: 'key' }, region: 'ap-guangzhou' }
const require = createRequire(import.meta.url)
const CLIENTS: Readonly<Record<string, object>> = Object.fromEntries(
  Object.entries(SERVICES).map(([service, version]) => {
    const folder = `${service}/v${version.replaceAll('-', '')}`
    const path = `tencentcloud-sdk-nodejs/tencentcloud/services/${folder}/${service}_client`
    const { Client }: { readonly Client: new (options: object) => object } = require(path)
    return [service, new Client(access)]
  }),
)

describe('the actions', () => {
  it.each(Object.entries(SERVICES))('of %s have the version that the SDK uses', (service, version) => {
    const client = CLIENTS[service]
    expect(client).toMatchObject({ apiVersion: version, endpoint: `${service}.tencentcloudapi.com` })
  })

  it.each(ACTIONS)('include %s, which the SDK has too', (action) => {
    const [service, name] = action.split(':')
    expect(CLIENTS[service ?? '']).toHaveProperty(String(name), expect.any(Function))
  })
})

it('src imports the SDK only by deep imports', () => {
  const src = new URL('../../src/', import.meta.url)
  const imports = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [
      ...readFileSync(new URL(file, src), 'utf8').matchAll(/['"](tencentcloud-sdk-nodejs[^'"]*)['"]/g),
    ])
    .map(([, name]) => String(name))
  expect(imports).toContain('tencentcloud-sdk-nodejs/tencentcloud/common/sign')
  const deep =
    /^tencentcloud-sdk-nodejs\/tencentcloud\/(common\/sign|services\/\w+\/v\d+\/\w+_(models|client))$/
  expect(imports.filter((name) => !deep.test(name))).toEqual([])
})

it('src imports the clients of the SDK only as types, because they would triple the bundle', () => {
  const text = readFileSync(new URL('../../src/cloud/sdk.ts', import.meta.url), 'utf8')
  const imports = text.split('\n').filter((line) => line.includes('_client'))
  expect(imports).toHaveLength(Object.keys(SERVICES).length)
  expect(imports.filter((line) => !line.startsWith('import type '))).toEqual([])
})
