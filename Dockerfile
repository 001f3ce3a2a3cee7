# syntax=docker/dockerfile:1
# Build: docker build -t signal-harvester .

FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
COPY scripts ./scripts
RUN npm ci
COPY . .
RUN npm run build && npm pack --ignore-scripts --pack-destination /tmp && mkdir /package && \
    tar -xzf /tmp/signal-harvester-*.tgz --strip-components=1 -C /package

FROM node:24-slim AS dependencies
WORKDIR /package
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force

FROM node:24-slim
ENV NODE_ENV=production \
    XDG_CONFIG_HOME=/data/config \
    XDG_DATA_HOME=/data \
    XDG_STATE_HOME=/data/state \
    SIGNAL_HARVESTER_STORE__PATH=/data/signals.sqlite
COPY --from=dependencies /package/node_modules /app/node_modules
COPY --from=build /package /app
RUN ln -s /app/bin/signal-harvester.js /usr/local/bin/signal-harvester && \
    install -d -o node -g node -m 0700 /data /backups
# A root file system that is read-only is enough: what is written is in these two and in /tmp.
# The configuration is read from the working folder, relative paths are meant from it, and it outlives the container.
WORKDIR /data
VOLUME /data
USER node
# There is no server to ask: the container is well while its store can be opened and read.
HEALTHCHECK --interval=5m --timeout=20s --start-period=10s CMD ["signal-harvester", "db", "status"]
ENTRYPOINT ["signal-harvester"]
CMD ["run"]
