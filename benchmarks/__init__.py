"""Speed of the intake beside other ways to get a large file into DuckDB; `make bench`."""
