# The service on Node 24, as a user without rights, for a database that DATABASE_URL names.
FROM node:24-slim

WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data

# Only what runs: no compiler, no tests, and not the embedded PostgreSQL, which is for a start without a server.
# Behind a proxy that inspects TLS, put its certificate beside this file as extra-ca.pem; elsewhere there is none.
COPY package.json package-lock.json extra-ca.pe[m] ./
RUN NODE_EXTRA_CA_CERTS=/app/extra-ca.pem npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund && npm cache clean --force

COPY src ./src
COPY migrations ./migrations
COPY openapi ./openapi

RUN groupadd --system api && useradd --system --gid api --no-create-home api \
 && mkdir /data && chown api:api /data
USER api
VOLUME /data
EXPOSE 3000

HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health/ready').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]

# The flags of `npm start`: docs/operations.md, "Size", says what for.
CMD ["node", "--min-semi-space-size=32", "--max-semi-space-size=32", "src/main.ts"]
