// Starts a simulated cloud and a stand-in for a WeCom group. Returns an alarm and the environment in which the function
// handles it.
import http from 'node:http'
import { bundled } from '../bench/bundled.mjs'

export async function setStage() {
  const { findScenario, startScenario } = await bundled(['src/simulator/index.ts'])
  const scenario = findScenario('sg-blocks-vip')
  const cloud = await startScenario(scenario)
  const messages = []
  // The simulator's stand-in would not do: like WeCom it accepts only 20 messages a minute.
  const group = http.createServer(async (request, response) => {
    for await (const part of request) messages.push(String(part))
    response.end('{"errcode":0}')
  })
  await new Promise((resolve) => group.listen(0, '127.0.0.1', resolve))
  return {
    alarm: scenario.alarm(),
    loadBalancerId: scenario.loadBalancerId,
    messages,
    // No other variables are inherited, because some of them slow down every start of Node.
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
