# The style sheets and the script of the portal, from their packages.
FROM node:24-bookworm-slim AS stilfiler
WORKDIR /pakker
COPY app/portal/tredjepart/package.json app/portal/tredjepart/package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 egenandel
WORKDIR /tjeneste
COPY lock/drift.txt lock/
RUN pip install --no-cache-dir --require-hashes --requirement lock/drift.txt
COPY app app
COPY migrations migrations
COPY --from=stilfiler /pakker/node_modules app/portal/tredjepart/node_modules
# Which code it is: docker build --build-arg KODEVERSJON=$(git describe --always)
ARG KODEVERSJON=ukjent
RUN install --directory --owner egenandel /data
USER egenandel
ENV EGENANDEL_VERT=0.0.0.0 EGENANDEL_PORT=8000 EGENANDEL_KODEVERSJON=$KODEVERSJON \
    EGENANDEL_DATABASE__URL=sqlite:////data/egenandel.db PYTHONDONTWRITEBYTECODE=1
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/live', timeout=2)"]
ENTRYPOINT ["python", "-m", "app.cli"]
CMD ["tjener"]
