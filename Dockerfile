# The server: `docker run IMAGE` serves, `docker run IMAGE node dist/bin/migrate.js` brings the database up to date.

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /build
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml tsconfig.base.json ./
RUN npm install --global "$(node -p "require('./package.json').packageManager")"
COPY bench/package.json ./bench/
COPY packages ./packages
RUN --mount=type=cache,target=/pnpm-store \
    pnpm install --store-dir /pnpm-store --frozen-lockfile --filter "@sojourn/api..." \
 && pnpm --filter @sojourn/api run build \
 && pnpm --filter @sojourn/api deploy --store-dir /pnpm-store --legacy --prod /server

FROM node:24.21.0-bookworm-slim
WORKDIR /srv/sojourn
COPY --from=build /server/package.json ./
COPY --from=build /server/node_modules ./node_modules
COPY --from=build /build/packages/api/dist ./dist
# Without DATABASE_URL the server keeps its own PostgreSQL here.
RUN mkdir /data && chown node:node /data
VOLUME /data
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 SOJOURN_DATA_DIR=/data
USER node
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "--eval", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/bin/server.js"]
