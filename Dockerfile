# The service in a container: docker build -t spoken-digits . && docker run --rm -p 127.0.0.1:7860:7860 spoken-digits
# docs/deploy.md says more.

ARG NODE_IMAGE=node:22-bookworm-slim
# No install script is needed: that of onnxruntime-node would download its GPU build.

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN node scripts/build.js && node scripts/build-site.js

FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The runtime's package holds programs for every platform: 220 MB that are of no use here; the one for browsers is in the page.
RUN npm ci --omit=dev --ignore-scripts \
 && npm install --no-save --omit=dev --ignore-scripts bullmq@6 ioredis@6 @aws-sdk/client-s3@3 \
 && find node_modules/onnxruntime-node/bin -type f -not -path "*/linux/$(node -p process.arch)/*" -delete \
 && rm -r node_modules/onnxruntime-web

FROM ${NODE_IMAGE}
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=packages /app/node_modules node_modules
COPY models/*.onnx models/
COPY --from=build /app/dist dist
ENV NODE_ENV=production ORT_DISABLE_TELEMETRY=1 SPOKEN_DIGITS_HOST=0.0.0.0 SPOKEN_DIGITS_PORT=7860 SPOKEN_DIGITS_HEALTH_PORT=7861
EXPOSE 7860
USER node
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["node", "--eval", \
  "fetch('http://127.0.0.1:' + process.env.SPOKEN_DIGITS_HEALTH_PORT + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/cli.js"]
CMD ["serve"]
