import ipaddr from 'ipaddr.js'

/**
 * The network that an address is in, which says from where a call came and not from whose desk: of IPv4 the first 24
 * bits, of IPv6 the first 48. Null for what is no address.
 */
export function networkOf(address: string): string | null {
  if (!ipaddr.isValid(address)) return null
  const parsed = ipaddr.process(address)
  return parsed.kind() === 'ipv4'
    ? `${ipaddr.IPv4.networkAddressFromCIDR(`${parsed}/24`)}/24`
    : `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString().split('%')[0]}/48`)}/48`
}
