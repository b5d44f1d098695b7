"""Writes checksums.parquet: two row groups whose pages have checksums, as Spark writes them. Needs pyarrow."""

import os

import pyarrow as pa
import pyarrow.parquet as pq

GROUP_ROWS = 50

rows = range(2 * GROUP_ROWS)
table = pa.table({
    "row": pa.array(rows, pa.int64()),
    "share": pa.array([i / 8 for i in rows], pa.float64()),
    "word": pa.array([f"word {i % 7}" for i in rows]),
})
pq.write_table(
    table, os.path.join(os.path.dirname(__file__), "checksums.parquet"), row_group_size=GROUP_ROWS, compression="snappy",
    write_page_checksum=True, store_schema=False, write_statistics=False)
