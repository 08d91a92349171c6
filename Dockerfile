# syntax=docker/dockerfile:1
# One image for each service: docker build --build-arg WORKSPACE=gateway -t fundmesh/gateway:0.1.0 .
# WORKSPACE is the folder of a workspace with a src/main.ts: gateway, subgraphs/fund, …
ARG NODE_IMAGE=node:20.20.2-bookworm-slim

FROM ${NODE_IMAGE} AS manifests
WORKDIR /app
COPY package.json package-lock.json ./
COPY contracts/package.json contracts/
COPY platform/package.json platform/
COPY gateway/package.json gateway/
COPY subgraphs/fund/package.json subgraphs/fund/
COPY subgraphs/performance/package.json subgraphs/performance/
COPY subgraphs/risk/package.json subgraphs/risk/
COPY subgraphs/entitlement/package.json subgraphs/entitlement/
COPY subgraphs/marketplace/package.json subgraphs/marketplace/
COPY local/package.json local/
COPY test/package.json test/

# What runs needs neither the compiler nor the embedded PostgreSQL, nor what only other workspaces use.
FROM manifests AS dependencies
ARG WORKSPACE
RUN npm ci --workspace "$WORKSPACE" --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM manifests AS build
RUN npm ci --omit=optional --ignore-scripts --no-audit --no-fund
COPY . .
ARG WORKSPACE
RUN npx tsc -b "$WORKSPACE"

FROM ${NODE_IMAGE}
ARG WORKSPACE
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app ./
COPY --from=build /app/contracts/access contracts/access
COPY --from=build /app/contracts/graph contracts/graph
COPY --from=build /app/contracts/events contracts/events
COPY --from=build /app/contracts/access contracts/access
COPY --from=build /app/contracts/operations contracts/operations
COPY --from=build /app/contracts/dist contracts/dist
COPY --from=build /app/platform/dist platform/dist
COPY --from=build /app/${WORKSPACE}/dist ${WORKSPACE}/dist
USER node
WORKDIR /app/${WORKSPACE}
# Node is process 1 and hears SIGTERM itself; it writes nothing to its file system.
CMD ["node", "dist/main.js"]
