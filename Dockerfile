# The image of every Airflow service in docker-compose.yaml: the locked requirements, and this folder.
FROM python:3.11.13-slim-bookworm

RUN apt-get update \
    && apt-get install --yes --no-install-recommends libgl1 libglib2.0-0 tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 50000 --gid 0 --create-home annals \
    && install --directory --owner annals --group 0 --mode 0770 /var/lib/annals

WORKDIR /opt/annals
COPY requirements-setup.txt requirements.txt ./
RUN python -m pip install --no-cache-dir --require-hashes -r requirements-setup.txt \
    && uv pip install --system --no-cache --compile-bytecode --require-hashes -r requirements.txt

COPY . .
RUN uv pip install --system --no-cache --no-deps --no-build-isolation --editable .

USER annals
ENV AIRFLOW_HOME=/var/lib/annals/airflow ANNALS_HOME=/var/lib/annals
ENTRYPOINT ["tini", "--"]
