import { readdirSync, readFileSync } from 'node:fs'
import { Client as Clb } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_client'
import { Client as Cvm } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cvm/v20170312/cvm_client'
import { Client as Vpc } from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/vpc_client'
import { describe, expect, it } from 'vitest'
import { ACTIONS, SERVICES } from '../../src/cloud/actions.ts'

const credential = { secretId: 'id', secretKey: 'key' }
const CLIENTS = {
  clb: new Clb({ credential, region: 'ap-guangzhou' }),
  cvm: new Cvm({ credential, region: 'ap-guangzhou' }),
  vpc: new Vpc({ credential, region: 'ap-guangzhou' }),
}

describe('the actions', () => {
  it.each(Object.entries(SERVICES))(
    'of %s are asked in the version that the SDK uses',
    (service, version) => {
      const client = CLIENTS[service as keyof typeof CLIENTS]
      expect(client).toMatchObject({ apiVersion: version, endpoint: `${service}.tencentcloudapi.com` })
    },
  )

  it.each(Object.keys(ACTIONS))('include %s, which the SDK knows', (action) => {
    const [service, name] = action.split(':')
    expect(CLIENTS[service as keyof typeof CLIENTS]).toHaveProperty(String(name), expect.any(Function))
  })
})

it('nothing imports the SDK but by deep import', () => {
  const src = new URL('../../src/', import.meta.url)
  const imports = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [
      ...readFileSync(new URL(file, src), 'utf8').matchAll(/['"](tencentcloud-sdk-nodejs[^'"]*)['"]/g),
    ])
    .map(([, name]) => String(name))
  expect(imports).toContain('tencentcloud-sdk-nodejs/tencentcloud/common/abstract_client')
  const deep =
    /^tencentcloud-sdk-nodejs\/tencentcloud\/(common\/abstract_client|services\/\w+\/v\d+\/\w+_models)$/
  expect(imports.filter((name) => !deep.test(name))).toEqual([])
})
