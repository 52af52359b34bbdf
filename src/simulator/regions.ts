import type { Answer, Request } from './api.ts'
import type { SimulatedActions } from './parameters.ts'
import type { World } from './world.ts'

/** The regions that offer CLB. */
export const REGIONS: readonly string[] = [
  'ap-guangzhou',
  'ap-shanghai',
  'ap-beijing',
  'ap-hongkong',
  'ap-singapore',
]

/** region:DescribeRegions (2022-06-27). The answer has the shape of its SDK model. */
function describeRegions(_: World, request: Request): Answer {
  const found = request.Product === 'clb' ? REGIONS : []
  return {
    TotalCount: found.length,
    RegionSet: found.map((Region) => ({
      Region,
      RegionName: Region,
      RegionState: 'AVAILABLE',
      RegionTypeMC: null,
      LocationMC: null,
      RegionNameMC: null,
      RegionIdMC: null,
    })),
  }
}

export const actions: SimulatedActions = {
  'region:DescribeRegions': {
    takes: { Product: 'text', Scene: 'number' },
    needs: 'Product',
    answer: describeRegions,
  },
}
