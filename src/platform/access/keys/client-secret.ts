import { checksumOf, newSecret } from './secret-text.ts'

/** A secret of a client: `cpa_secret_<secret><checksum>`, which scanners of repositories know it by. */
export function newClientSecret(): string {
  const checked = `cpa_secret_${newSecret()}`
  return `${checked}${checksumOf(checked)}`
}
