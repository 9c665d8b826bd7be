"""How a cell's text becomes a typed value: one DuckDB SQL expression a type.

All of a type's spelling rules stand here, so that a reader, a check and the delivery guide
cannot disagree. An expression gives NULL where the text is empty *or* not a value of the type;
the difference between the two is drawn in `intake.conform`, where the text is still at hand.

Numbers are Danish: point for thousands, comma for decimals, at most two of them, since more would
be rounded in silence. What could be read in two ways (`1.500` as kroner, `1,500.00`, `0.500` as a
whole number) is no value. Dates have the day first, or are ISO. `06/07/2015` alone is read so; in a
column with more dates that can only have the month first (`06/30/2015`) than the day first, nobody
can say what it means (`month_first_sql`).
"""

from __future__ import annotations

from pipelines.contracts.model import Field, FieldType

SQL_TYPES: dict[FieldType, str] = {
    FieldType.TEXT: "varchar",
    FieldType.CODE: "varchar",
    FieldType.CODES: "varchar",
    FieldType.INTEGER: "bigint",
    FieldType.KRONER: "decimal(18, 2)",
    FieldType.DECIMAL: "decimal(12, 2)",
    FieldType.DATE: "date",
    FieldType.TIMESTAMP: "timestamp",
    FieldType.BOOLEAN: "boolean",
}

MACROS: tuple[str, ...] = (
    # blanks of all kinds are one blank; an empty cell is no value
    r"create or replace temp macro clean(x) as "
    r"nullif(trim(regexp_replace(x, '[\s\p{Zs}]+', ' ', 'g')), '')",
    # a spelling is compared without case, dashes of all kinds, and surrounding blanks
    r"create or replace temp macro spelling_of(x) as "
    r"lower(regexp_replace(clean(x), '\s*[\x{2010}-\x{2015}\x{2212}-]\s*', '-', 'g'))",
    "create or replace temp macro undotted(x) as replace(replace(clean(x), '.', ''), ',', '.')",
    "create or replace temp macro as_integer(x) as case when "
    "regexp_full_match(clean(x), '[0-9]{1,15}|[1-9][0-9]{0,2}(\\.[0-9]{3}){1,4}') "
    "then try_cast(undotted(x) as bigint) end",
    "create or replace temp macro as_kroner(x) as case when regexp_full_match("
    "clean(x), '-?([0-9]{1,15}(,[0-9]{1,2})?|[1-9][0-9]{0,2}(\\.[0-9]{3}){1,4},[0-9]{2})') "
    "then try_cast(undotted(x) as decimal(18, 2)) end",
    "create or replace temp macro as_decimal(x) as case when regexp_full_match("
    "clean(x), '-?([0-9]{1,9}(,[0-9]{1,2})?|[1-9][0-9]{0,2}(\\.[0-9]{3}){1,2},[0-9]{1,2})') "
    "then try_cast(undotted(x) as decimal(12, 2)) end",
    # strptime takes two-digit years for %Y and single digits for %d, so the shape is checked first
    "create or replace temp macro as_date(x) as case "
    "when regexp_full_match(clean(x), '[0-9]{2}-[0-9]{2}-[1-9][0-9]{3}') "
    "then cast(try_strptime(clean(x), '%d-%m-%Y') as date) "
    "when regexp_full_match(clean(x), '[0-9]{2}/[0-9]{2}/[1-9][0-9]{3}') "
    "then cast(try_strptime(clean(x), '%d/%m/%Y') as date) "
    "when regexp_full_match(clean(x), '[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}( 00:00:00)?') "
    "then try_cast(clean(x)[:10] as date) end",
    "create or replace temp macro as_moment(x) as case when "
    "regexp_full_match(clean(x), "
    "'[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}:[0-9]{2})?') "
    "then try_cast(clean(x) as timestamp) end",
    "create or replace temp macro as_truth(x) as "
    "case lower(clean(x)) when 'true' then true when 'false' then false end",
)

PLAIN_BYTES = frozenset(range(0x21, 0x7F))
"""A text of these and nothing else (ASCII without blanks) is its own `clean` form: it holds nothing
to be replaced. Seen at a glance over all bytes of a column, it spares the macro for each value."""

_PARSERS: dict[FieldType, str] = {
    FieldType.TEXT: "clean({x})",
    FieldType.INTEGER: "as_integer({x})",
    FieldType.KRONER: "as_kroner({x})",
    FieldType.DECIMAL: "as_decimal({x})",
    FieldType.DATE: "as_date({x})",
    FieldType.TIMESTAMP: "as_moment({x})",
    FieldType.BOOLEAN: "as_truth({x})",
}


def parse_sql(field: Field, column: str) -> str:
    """The SQL expression that reads `column` (varchar) as a value of the field's type.

    Codes are looked up in the temporary table code_spellings (codelist, spelling, code).
    """
    if field.codelist and field.type is not FieldType.CODES:
        code = (
            "(select any_value(s.code) from code_spellings s "
            f"where s.codelist = '{field.codelist}' and s.spelling = spelling_of({column}))"
        )
        return f"cast({code} as boolean)" if field.type is FieldType.BOOLEAN else code
    if field.type is FieldType.CODES:
        return (
            "(select case when count(*) = count(s.code) "
            "then string_agg(s.code, '|' order by u.i) end "
            f"from unnest(string_split({column}, '|')) with ordinality as u(part, i) "
            f"left join code_spellings s on s.codelist = '{field.codelist}' "
            "and s.spelling = spelling_of(u.part))"
        )
    return _PARSERS[field.type].format(x=column)


def month_first_sql(text: str, cells: str) -> str:
    """The SQL condition that a cleaned date may have its month first, by the others of its column.

    Args:
        text: The cell, cleaned.
        cells: The table with the column's distinct cells, as x.
    """
    either = [f"({_month_first(text, sign, cells)})" for sign in "-/"]
    return f"{text}[1:2] <> {text}[4:5] and ({' or '.join(either)})"


def _month_first(text: str, sign: str, cells: str) -> str:
    low, high, year = "(0[1-9]|1[0-2])", "(1[3-9]|2[0-9]|3[01])", "[1-9][0-9]{3}"
    month_first = f"count(*) filter (regexp_full_match(clean(x), '{low}{sign}{high}{sign}{year}'))"
    day_first = f"count(*) filter (regexp_full_match(clean(x), '{high}{sign}{low}{sign}{year}'))"
    return (
        f"regexp_full_match({text}, '{low}{sign}{low}{sign}{year}') "
        f"and (select {month_first} > {day_first} from {cells})"
    )


def limit_sql(field: Field, limit: str) -> str:
    """A declared minimum or maximum as a typed SQL literal."""
    return f"cast('{limit}' as {SQL_TYPES[field.type]})"
