// A simulated cloud, a stand-in for a WeCom group, and what the function needs to handle one alarm between them.
import http from 'node:http'
import { bundled } from '../bench/bundled.mjs'

export async function setStage() {
  const { findScenario, startScenario } = await bundled(['src/simulator/index.ts'])
  const scenario = findScenario('sg-blocks-vip')
  const cloud = await startScenario(scenario)
  const messages = []
  // Not the simulator's stand-in, which takes 20 messages a minute as WeCom does.
  const group = http.createServer(async (request, response) => {
    for await (const part of request) messages.push(String(part))
    response.end('{"errcode":0}')
  })
  await new Promise((resolve) => group.listen(0, '127.0.0.1', resolve))
  return {
    alarm: scenario.alarm(),
    loadBalancerId: scenario.loadBalancerId,
    messages,
    // Nothing of the surroundings: an inherited variable can slow every start.
    env: {
      PATH: process.env.PATH,
      TENCENTCLOUD_SECRETID: cloud.credentials.secretId,
      TENCENTCLOUD_SECRETKEY: cloud.credentials.secretKey,
      TENCENTCLOUD_REGION: scenario.region,
      CLB_DOCTOR_API_ORIGIN: cloud.origin,
      CLB_DOCTOR_SINKS: `wecom+http://127.0.0.1:${group.address().port}/cgi-bin/webhook/send?key=k`,
    },
    async close() {
      group.closeAllConnections()
      group.close()
      await cloud.close()
    },
  }
}
