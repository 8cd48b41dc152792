import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import type { Server } from 'node:https'
import type { FastifyInstance } from 'fastify'

/** Where the certificate and its key are. */
export interface CertificateFiles {
  readonly certFile: string
  readonly keyFile: string
}

/** What a server of HTTPS is made with: the certificate as it stands, and no protocol that is broken. */
export const httpsOptions = (files: CertificateFiles) => ({
  ...read(files),
  minVersion: 'TLSv1.2' as const,
})

const read = ({ certFile, keyFile }: CertificateFiles) => ({
  cert: readFileSync(certFile),
  key: readFileSync(keyFile),
})

/**
 * Takes a new certificate when its files have changed, without a connection lost: they are written anew every few
 * months, and nobody should have to remember the service then. One that can’t be read leaves the old one in use.
 */
export function followCertificate(app: FastifyInstance, files: CertificateFiles, everyMs = 10_000): void {
  const renew = () => {
    try {
      ;(app.server as unknown as Server).setSecureContext({ ...read(files), minVersion: 'TLSv1.2' })
      app.log.info('the certificate was renewed')
    } catch (error) {
      app.log.error({ err: error }, 'the new certificate can’t be used; the old one stays')
    }
  }
  const paths = [files.certFile, files.keyFile]
  for (const path of paths) watchFile(path, { interval: everyMs, persistent: false }, renew)
  app.addHook('onClose', async () => {
    for (const path of paths) unwatchFile(path, renew)
  })
}
