# One image for both services: the command decides which one runs.
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY packages/render-core/package.json packages/render-core/
COPY packages/render-queue/package.json packages/render-queue/
COPY packages/blob-store/package.json packages/blob-store/
COPY packages/client/package.json packages/client/
COPY apps/api/package.json apps/api/
COPY apps/worker/package.json apps/worker/
COPY apps/standalone/package.json apps/standalone/
RUN npm install --no-audit --no-fund
COPY tsconfig.base.json tsconfig.json ./
COPY scripts scripts
COPY packages packages
COPY apps apps
RUN npm run build && npm prune --omit=dev --omit=optional --no-audit --no-fund

FROM node:20-bookworm-slim
# A complete General MIDI sound font, under an MIT licence; API and workers MUST name the same one.
RUN apt-get update \
  && apt-get install -y --no-install-recommends fluid-soundfont-gm tini \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build --chown=node:node /app /app
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
ENV DATA_DIR=/data HOST=0.0.0.0 PORT=8080 HEALTH_HOST=0.0.0.0 HEALTH_PORT=9090 \
  SOUNDFONT_DIR=/data/soundfonts SAMPLES_DIR=/data/samples \
  DEFAULT_SOUNDFONT=/usr/share/sounds/sf2/FluidR3_GM.sf2
EXPOSE 8080 9090
ENTRYPOINT ["tini", "--"]
CMD ["node", "apps/api/dist/main.js"]
