# Builds with everything, ships what runs: no compiler, no test tools, no embedded PostgreSQL (DATABASE_URL names the real one).
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run --silent build

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Optional packages are the embedded PostgreSQL's programs; bcrypt brings its own, so no install script is needed.
RUN npm ci --omit=dev --omit=optional --ignore-scripts && rm -rf /root/.npm

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 DATA_DIR=/var/lib/tillgraph
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
COPY prisma prisma
# Owns nothing it runs, and writes to DATA_DIR alone (mails, without SMTP_URL): the root file system may be read-only when that is a volume.
# A named one takes over the folder's owner.
RUN install --directory --owner=node --group=node --mode=700 "$DATA_DIR"
USER node
EXPOSE 4000
# Not /readyz: a server that has too much to do says there that it isn't ready, and must not be replaced for it.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=32", "dist/src/main.js"]
