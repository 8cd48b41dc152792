import type { DimensionId } from '../vocabulary/dimension.ts'
import { nearMatches } from '../vocabulary/near-match.ts'
import { type Fault, Refusal } from '../vocabulary/refusal.ts'
import { repeated } from '../vocabulary/repeated.ts'
import type { IndicatorDefinition, Subject } from './definition.ts'

/** Every indicator that the service knows, in the order of the modules. */
export interface Catalogue {
  readonly indicators: readonly IndicatorDefinition[]
  find(id: string): IndicatorDefinition | undefined
  of(subject: Subject): IndicatorDefinition[]
  /** The indicators that ids name; a problem that names every unknown one, with near matches. */
  named(ids: readonly string[], pointer: string): IndicatorDefinition[]
}

export function newCatalogue(...groups: readonly (readonly IndicatorDefinition[])[]): Catalogue {
  const indicators = groups.flat()
  const byId = new Map(indicators.map((indicator) => [indicator.id, indicator]))
  if (byId.size !== indicators.length) throw new Error('two indicators have one id')
  for (const indicator of indicators) checkDimensions(indicator)
  return {
    indicators,
    find: (id) => byId.get(id),
    of: (subject) => indicators.filter((indicator) => indicator.subject === subject),
    named(ids, pointer) {
      const faults = ids
        .filter((id) => !byId.has(id))
        .map((id): Fault => {
          const near = nearMatches(id, byId.keys())
          return {
            pointer,
            code: 'unknown-indicator',
            detail: `${repeated(id, near)} is not an indicator; /v1/indicators lists them`,
            ...(near.length > 0 ? { didYouMean: near } : {}),
            allowed: [...byId.keys()],
          }
        })
      if (faults.length > 0) {
        throw new Refusal('unknown-indicator', 'The request names an indicator that does not exist', faults)
      }
      return [...new Set(ids)].map((id) => byId.get(id)!)
    },
  }
}

/** A dimension that the population's rows don't have would fail only when somebody asks for it. */
function checkDimensions(indicator: IndicatorDefinition): void {
  const has = new Set<DimensionId>(indicator.population.dimensions)
  for (const dimension of indicator.dimensions) {
    if (!has.has(dimension)) throw new Error(`${indicator.id}: its population has no dimension ${dimension}`)
  }
}
