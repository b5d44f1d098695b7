#!/usr/bin/env python3
"""Makes columns.json: generated columns and what the slow reference says about them.

Run from this folder, with the reference beside the project: python3 make_columns.py
The cells themselves are not stored: `cell` has a twin in src/profile/tests/recipes.rs.
Doubles are stored as the sixteen hexadecimal digits of their bits, levels of a sketch as their
length and a digest.
"""

import json
import math
import os
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
REFERENCE = os.environ.get("MODEL_MONITOR_REFERENCE", os.path.join(HERE, "..", "..", "..", "shared"))
sys.path.insert(0, os.path.join(REFERENCE, "oracle"))

import hll  # noqa: E402
import profile  # noqa: E402

SPLITS = [[1], [4], [40], [13, 5], [2049], [2050], [5000], [2050, 2050], [3000, 2500, 700]]
RECIPES = {
    "small_integers": lambda r: f"{r % 50}",
    "signed_integers": lambda r: f"{r % 2000001 - 1000000}",
    "milliseconds": lambda r: f"{1700000000000 + r}",
    "long_sums": lambda r: f"{r << 32}",
    "decimals": lambda r: f"{r % 100}.{r // 100 % 1000:03}",
    "full_precision": lambda r: f"0.{r:010}{r * 7 % 10000000000:010}",
    "exponents": lambda r: f"{r % 1000}.5E{r % 40 - 20}",
    "integers_and_decimals": lambda r: f"{r % 9}.25" if r % 5 == 0 else f"{r % 1000}",
    "negative_zeros": lambda r: ["-0", "0", "-0", "+0"][r % 4],
    "negative_zeros_and_fractions": lambda r: ["-0", "0", "-0.0", "0.0"][r % 4],
    "beyond_64_bits": lambda r: f"{r}99999999999" if r % 7 == 0 else f"-{r}",
    "beyond_64_bits_and_fractions": lambda r: "0.5" if r % 50 == 0 else f"{r}99999999999" if r % 7 == 0 else f"{r}",
    "odd_signs": lambda r: ["- 5", " 5", "+7", "007"][r % 4],
    "no_number": lambda r: "- 5",
    "infinite": lambda r: "1e400" if r % 10 == 0 else f"{r}",
    "constant": lambda r: "0.1",
    "nulls_and_numbers": lambda r: None if r % 3 == 0 else f"{r % 77}",
    "all_null": lambda r: None,
    "booleans": lambda r: ["true", "false"][r % 2],
    "booleans_and_numbers": lambda r: ["true", "1", "0"][r % 3],
    "three_texts": lambda r: ["a", "b", "c"][r % 3],
    "hundred_texts": lambda r: f"value {r % 100}",
    "texts_at_the_limit": lambda r: f"t{r % 118}",
    "texts_over_the_limit": lambda r: f"t{r % 135}",
    "texts_and_numbers": lambda r: f"{r % 30}" if r % 3 else f"code {r % 20}",
    "many_texts": lambda r: f"id-{r}",
    "unicode": lambda r: ["ä", "日本", "😀", "e\u0301", "\u00a0", "﹩"][r % 6],
    "nulls_and_texts": lambda r: None if r % 4 == 0 else f"k{r % 7}",
    "nulls_by_name": lambda r: [None, "NullValue", "x", "y", "z", "w"][r % 6],
}


def cells(recipe, seed, count):
    """`count` cells from a linear congruential generator."""
    result, state = [], seed
    for _ in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        result.append(RECIPES[recipe](state >> 33))
    return result


def bits(x):
    return struct.pack(">d", x).hex()


def digest(doubles):
    """xxHash64 (seed 0) of little-endian doubles; what is not a number becomes the usual one."""
    values = [math.nan if x != x else x for x in doubles]
    return f"{hll.xxh64(struct.pack(f'<{len(values)}d', *values)):016x}"


def expected(name, splits):
    try:
        feature, _ = profile.profile_column(name, splits, "2024", profile.MAX_DOMAIN)
    except profile.Undefined:
        return {"kind": "Integral", "numbers": None}
    result = {"kind": feature["inferred_type"]}
    if "numerical_statistics" in feature:
        body = feature["numerical_statistics"]
        kll = body["distribution"]["kll"]
        levels = kll["sketch"]["data"]
        result["numbers"] = {key: bits(body[key]) for key in ("mean", "sum", "std_dev", "min", "max")} | {
            "levels": [[len(level), digest(level)] for level in levels],
            "buckets": digest(b[k] for b in kll["buckets"] for k in ("lower_bound", "upper_bound", "count")),
        }
        result["distinct"] = body["approximate_num_distinct_values"]
    else:
        body = feature["string_statistics"]
        result["distinct"] = int(body["distinct_count"])
        if "distribution" in body:
            result["categories"] = [[b["value"], b["count"]] for b in body["distribution"]["categorical"]["buckets"]]
    return result | body["common"]


def main():
    cases = []
    for recipe in RECIPES:
        for sizes in SPLITS:
            seed = len(cases) + 1
            column, splits = cells(recipe, seed, sum(sizes)), []
            for size in sizes:
                splits.append(column[:size])
                column = column[size:]
            cases.append({"recipe": recipe, "seed": seed, "splits": sizes} | expected("c0", splits))
    with open(os.path.join(HERE, "columns.json"), "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases) + "\n]\n")


if __name__ == "__main__":
    main()
