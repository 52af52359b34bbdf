import { readdirSync, readFileSync } from 'node:fs'
import { Client as Cdb } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cdb/v20170320/cdb_client'
import { Client as Ckafka } from 'tencentcloud-sdk-nodejs/tencentcloud/services/ckafka/v20190819/ckafka_client'
import { Client as Clb } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_client'
import { Client as Audit } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cloudaudit/v20190319/cloudaudit_client'
import { Client as Cls } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cls/v20201016/cls_client'
import { Client as Cvm } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cvm/v20170312/cvm_client'
import { Client as Mongodb } from 'tencentcloud-sdk-nodejs/tencentcloud/services/mongodb/v20190725/mongodb_client'
import { Client as Postgres } from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_client'
import { Client as Redis } from 'tencentcloud-sdk-nodejs/tencentcloud/services/redis/v20180412/redis_client'
import { Client as Region } from 'tencentcloud-sdk-nodejs/tencentcloud/services/region/v20220627/region_client'
import { Client as Tke } from 'tencentcloud-sdk-nodejs/tencentcloud/services/tke/v20180525/tke_client'
import { Client as Vpc } from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/vpc_client'
import { describe, expect, it } from 'vitest'
import { SERVICES } from '../../src/cloud/actions.ts'
import { ACTIONS } from '../../src/model/actions.ts'

const access = { credential: { secretId: 'id', secretKey: 'key' }, region: 'ap-guangzhou' }
const CLIENTS = {
  cdb: new Cdb(access),
  ckafka: new Ckafka(access),
  clb: new Clb(access),
  cloudaudit: new Audit(access),
  cls: new Cls(access),
  cvm: new Cvm(access),
  mongodb: new Mongodb(access),
  postgres: new Postgres(access),
  redis: new Redis(access),
  region: new Region(access),
  tke: new Tke(access),
  vpc: new Vpc(access),
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
  expect(imports).toContain('tencentcloud-sdk-nodejs/tencentcloud/common/sign')
  const deep =
    /^tencentcloud-sdk-nodejs\/tencentcloud\/(common\/sign|services\/\w+\/v\d+\/\w+_(models|client))$/
  expect(imports.filter((name) => !deep.test(name))).toEqual([])
})

it('the clients of the SDK are imported as types only: they would triple the bundle', () => {
  const text = readFileSync(new URL('../../src/cloud/sdk.ts', import.meta.url), 'utf8')
  const imports = text.split('\n').filter((line) => line.includes('_client'))
  expect(imports).toHaveLength(Object.keys(SERVICES).length)
  expect(imports.filter((line) => !line.startsWith('import type '))).toEqual([])
})
