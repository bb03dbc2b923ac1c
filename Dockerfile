# Build: python3, make and g++ stand by for native packages that come without a binary for this platform.
FROM node:24-bookworm AS build
WORKDIR /app
COPY package.json package-lock.json tsconfig.json ./
COPY config ./config
COPY protocol ./protocol
COPY storage ./storage
COPY src ./src
RUN npm ci && npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
ENV NODE_ENV=production FARLEY_DATA=/data FARLEY_HOST=0.0.0.0 FARLEY_PORT=8080
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
RUN ln -s /app/dist/src/main.js /usr/local/bin/farley && chmod +x /app/dist/src/main.js \
    && mkdir /data && chown node:node /data && chmod 700 /data
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/readyz').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# SIGTERM lets open requests finish.
STOPSIGNAL SIGTERM
CMD ["farley", "serve"]
