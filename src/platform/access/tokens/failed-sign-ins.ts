import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { OAuthRefusal } from './oauth-refusal.ts'

const SECONDS = 60
const LONGEST_KEY = 100

/** How often signing in may fail in a minute: as a client from an address, and from an address as whomever. */
export interface FailedSignIns {
  /** Throws where it has failed too often already. */
  refuseTooMany(address: string, client: string | null): Promise<void>
  count(address: string, client: string | null): Promise<void>
}

export interface Limits {
  readonly ofClient: number
  readonly ofAddress: number
}

/**
 * A client is counted for each address apart: otherwise whoever knows its id, which is no secret, could keep it out
 * from anywhere.
 */
export function newFailedSignIns({ ofClient, ofAddress }: Limits): FailedSignIns {
  const ofClients = new RateLimiterMemory({ points: ofClient, duration: SECONDS })
  const ofAddresses = new RateLimiterMemory({ points: ofAddress, duration: SECONDS })
  const keyOf = (address: string, client: string) => `${address} ${client.slice(0, LONGEST_KEY)}`

  const refuse = (found: RateLimiterRes | null, most: number): void => {
    if (found === null || found.consumedPoints < most) return
    const seconds = Math.max(1, Math.ceil(found.msBeforeNext / 1000))
    throw new OAuthRefusal('slow_down', 'Signing in has failed too often in the last minute.', seconds)
  }
  return {
    async refuseTooMany(address, client) {
      refuse(await ofAddresses.get(address), ofAddress)
      if (client !== null) refuse(await ofClients.get(keyOf(address, client)), ofClient)
    },
    async count(address, client) {
      await ofAddresses.penalty(address, 1)
      if (client !== null) await ofClients.penalty(keyOf(address, client), 1)
    },
  }
}
