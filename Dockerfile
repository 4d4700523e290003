FROM node:22-bookworm-slim AS front
WORKDIR /srv/roadbook
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY bin/build.mjs bin/
COPY service_worker service_worker
COPY static static
RUN node bin/build.mjs

FROM python:3.13-slim-bookworm AS packages
WORKDIR /srv/roadbook
COPY requirements.txt requirements-build.txt ./
RUN python -m venv /opt/roadbook \
    && /opt/roadbook/bin/pip install --no-cache-dir --require-hashes -r requirements.txt -r requirements-build.txt
COPY pyproject.toml ./
COPY app/__init__.py app/
RUN /opt/roadbook/bin/pip install --no-cache-dir --no-deps --no-build-isolation --editable .

FROM python:3.13-slim-bookworm
WORKDIR /srv/roadbook
RUN useradd --system --uid 10001 --home-dir /data --no-create-home roadbook \
    && install -d -o roadbook -g roadbook /data
COPY --from=packages /opt/roadbook /opt/roadbook
COPY alembic alembic
COPY templates templates
COPY app app
COPY --from=front /srv/roadbook/static static
ENV PATH=/opt/roadbook/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    ROADBOOK_ENV=production \
    ROADBOOK_DATA_DIR=/data \
    HOST=0.0.0.0 \
    PORT=8000
USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/health', timeout=4)"]
CMD ["roadbook", "serve", "--migrate"]
