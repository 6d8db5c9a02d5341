"""Hold the database open as a reader, and see whether SQLMesh can plan at the same time."""

import subprocess

import duckdb


def main() -> None:
    with duckdb.connect("movies.duckdb", read_only=True):
        plan = subprocess.run(["sqlmesh", "plan", "--auto-apply"], capture_output=True, text=True, check=False)
    print(f"sqlmesh plan ended with exit code {plan.returncode} and this last line:")
    print((plan.stdout + plan.stderr).strip().splitlines()[-1])


if __name__ == "__main__":
    main()
