# The mirror as an image: without pip, compilers and root. `docker compose up` runs it with a database and the page.
FROM python:3.12-slim-bookworm AS build
COPY requirements.txt /src/
RUN python -m venv /opt/mirror && \
    /opt/mirror/bin/python -m pip install --no-cache-dir --no-deps --require-hashes -r /src/requirements.txt
COPY pyproject.toml README.md LICENSE /src/
COPY .dlt/config.toml .dlt/secrets.toml.example /src/.dlt/
COPY dbt_project /src/dbt_project
COPY pipelines /src/pipelines
RUN /opt/mirror/bin/python -m pip install --no-cache-dir --no-deps --no-build-isolation --no-index /src && \
    /opt/mirror/bin/python -m pip uninstall --yes setuptools pip

FROM python:3.12-slim-bookworm
RUN python -m pip uninstall --yes pip && \
    useradd --system --uid 10001 --create-home --home-dir /var/lib/servicetitan-mirror mirror
COPY --from=build /opt/mirror /opt/mirror
ENV PATH=/opt/mirror/bin:$PATH PYTHONUNBUFFERED=1
USER 10001
# what dlt and dbt write while they work; disposable
WORKDIR /var/lib/servicetitan-mirror
# the first sync of a large tenant takes its time; after it, data is never older than three of the worker's rounds
HEALTHCHECK --interval=1m --timeout=50s --start-period=30m --retries=3 \
    CMD ["servicetitan", "status", "--max-age", "15m"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["servicetitan"]
CMD ["worker"]
