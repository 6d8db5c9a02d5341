#!/usr/bin/env bash
# Gets the data from the npm registry and runs everything again: bash run.sh FOLDER_WITH_PYTHON_AND_SQLMESH
set -euo pipefail
cd "$(dirname "$0")"
example="$PWD"
export PATH="$1:$PATH" COLUMNS=100 TZ=UTC PYTHONHASHSEED=0 SQLMESH__DISABLE_ANONYMIZED_ANALYTICS=true
build="$(mktemp -d)"
trap 'rm -rf "$build"' EXIT
rm -f output/*
cp -r config.yaml models audits "$build"
cd "$build"
mkdir data

deliver() {  # VERSION CHECKSUM: the table as that version of vega-datasets has it
    npm pack --silent "vega-datasets@$1" >/dev/null
    tar -xzf "vega-datasets-$1.tgz" -C data --strip-components=2 package/data/movies.json
    rm "vega-datasets-$1.tgz"
    echo "$2  data/movies.json" | sha256sum --check --quiet
}

# Progress bars, times and the temporary folder differ from run to run.
scrub="s#$build/##; s# in /[^ ]*/([^ /]+) \(PID [0-9]+\)# in \1#; s/ +\$//; s/ +[0-9]+\.[0-9]+s\$//; /━━━━━.*•|Model batches executed|^[0-9]+\.[0-9]+s\$/d"

record() {  # FILE COMMAND…: add a command and what it printed to a file
    local file="$example/output/$1" code=0 text
    shift
    text="$("$@" 2>&1 </dev/null)" || code=$?
    {
        echo "\$ $*"
        sed -E "$scrub" <<<"$text" | cat -s
        printf '[exit code %s]\n\n' "$code"
    } >>"$file"
}

table() { sqlmesh fetchdf "$1"; }

tables="SELECT schema_name || '.' || view_name AS view, regexp_extract(sql, '__([0-9]+)', 1) AS fingerprint
FROM duckdb_views() WHERE NOT internal ORDER BY ALL"

deliver 1.29.0 e9ca7c955d237dfc89a7eb582fe881bc3cbdab29e7d64ada9221aa8b9c0da30c
record 1-first-plan.txt sqlmesh plan --auto-apply
record 1-first-plan.txt table "SELECT * FROM shelves.best_of_decade WHERE decade >= 2010 ORDER BY ALL"

patch -s -p0 <"$example/changes/1-audit.patch"
record 2-audit.txt sqlmesh plan dev --auto-apply

cp -r "$example/tests" .
record 3-test.txt sqlmesh test
patch -s -p0 <"$example/changes/2-century.patch"
record 3-test.txt sqlmesh test

record 4-dev.txt sqlmesh plan dev --auto-apply
record 4-dev.txt sqlmesh table_diff prod:dev shelves.best_of_decade --show-sample
record 4-dev.txt table "$tables"
for schema in shelves shelves__dev; do
    python "$example/shelf.py" movies.duckdb "$schema" "$example/output/4-$schema.csv"
done
python "$example/chart.py"

record 5-promote.txt sqlmesh plan --auto-apply
record 5-promote.txt table "$tables"

patch -s -p0 <"$example/changes/3-column.patch"
record 6-column.txt sqlmesh plan dev --auto-apply
record 6-column.txt table "$tables"
patch -s -p0 -R <"$example/changes/3-column.patch"
patch -s -p0 <"$example/changes/4-rename.patch"
record 6-rename.txt sqlmesh plan dev --auto-apply
record 6-rename.txt sqlmesh plan dev --auto-apply --skip-tests
record 6-rename.txt table "$tables"
patch -s -p0 -R <"$example/changes/4-rename.patch"

patch -s -p0 -R <"$example/changes/2-century.patch"
patch -s -p0 -R <"$example/changes/1-audit.patch"
rm -r tests
record 7-undo.txt sqlmesh plan --auto-apply
record 7-undo.txt table "$tables"
cp -r "$example/tests" .
patch -s -p0 <"$example/changes/1-audit.patch"
patch -s -p0 <"$example/changes/2-century.patch"
record 7-undo.txt sqlmesh plan --auto-apply

deliver 3.2.1 e63c499759e3b07b49563e036f55290f87feb56def8703ec049ca305ab1523d3
record 8-next-delivery.txt sqlmesh plan --auto-apply
record 8-next-delivery.txt sqlmesh plan --auto-apply --restate-model raw.movies
record 8-next-delivery.txt table "SELECT count(*) AS places FROM shelves.best_of_decade"

deliver 1.29.0 e9ca7c955d237dfc89a7eb582fe881bc3cbdab29e7d64ada9221aa8b9c0da30c
cp "$example/reader.py" .
record 9-reader.txt python reader.py
