"""Whether validation reports keep to the schema of ETSI TS 119 102-2, by the classes that pyHanko generated from it.

Usage: etsi_report_judge.py REPORT.xml...
Prints `name<TAB>valid` or what is wrong. Ends with 3 where pyHanko's classes or xsdata are not installed.

A report is read strictly (an element, attribute or value that the schema does not know is an error), every member
that the schema requires must be there, and writing the objects again, in the order of the schema, must give the same
elements, attributes and texts in the same order. Where TS_119_102_2_XSD names the schema's file (with the files that it
imports beside it), the report is validated against that as well.
"""

import dataclasses
import os
import re
import sys
import warnings
import xml.etree.ElementTree as Tree
from pathlib import Path

try:
    from pyhanko.generated.etsi import ts_11910202
    from xsdata.formats.dataclass.context import XmlContext
    from xsdata.formats.dataclass.parsers import XmlParser
    from xsdata.formats.dataclass.parsers.config import ParserConfig
    from xsdata.formats.dataclass.serializers import XmlSerializer
except ImportError:
    sys.exit(3)

NAMESPACE = "{http://uri.etsi.org/19102/v1.2.1#}"


def missing(value, path):
    """Members that are required and not there."""
    if not dataclasses.is_dataclass(value):
        return
    for field in dataclasses.fields(value):
        inner = getattr(value, field.name)
        name = f"{path}/{field.metadata.get('name', field.name)}"
        if field.metadata.get("required") and inner is None:
            yield name
        if isinstance(inner, (list, tuple)):
            if len(inner) < field.metadata.get("min_occurs", 0):
                yield name
            for one in inner:
                yield from missing(one, name)
        else:
            yield from missing(inner, name)


def shape(element):
    """An element without prefixes and spaces around it."""
    attributes = tuple(sorted(element.attrib.items()))
    # A time may be written with more noughts behind its seconds.
    text = re.sub(r"(T\d\d:\d\d:\d\d\.\d*?)0*Z$", r"\1Z", (element.text or "").strip()).replace(".Z", "Z")
    return (element.tag, attributes, text, tuple(shape(child) for child in element))


def differs(before, after, path=""):
    here = f"{path}/{before[0].split('}')[-1]}"
    for mine, theirs in zip(before[:3], after[:3]):
        if mine != theirs:
            return f"{here}: {mine!r} against {theirs!r}"
    if len(before[3]) != len(after[3]):
        return f"{here}: {[one[0] for one in before[3]]} against {[one[0] for one in after[3]]}"
    for mine, theirs in zip(before[3], after[3]):
        found = differs(mine, theirs, here)
        if found:
            return found
    return None


def schema():
    """The schema itself, where it is at hand."""
    name = os.environ.get("TS_119_102_2_XSD")
    if not name:
        return None
    from lxml import etree

    return etree.XMLSchema(etree.parse(name))


def against(schema, text: bytes):
    from lxml import etree

    if schema is None or schema.validate(etree.fromstring(text)):
        return None
    return f"line {schema.error_log[0].line}: {schema.error_log[0].message}"


def verdict(path: Path, schema) -> str:
    config = ParserConfig(
        fail_on_unknown_properties=True,
        fail_on_unknown_attributes=True,
        fail_on_converter_warnings=True,
    )
    context = XmlContext()
    text = path.read_bytes()
    try:
        report = XmlParser(context=context, config=config).from_bytes(text, ts_11910202.ValidationReport)
    except Exception as error:
        return f"not read: {type(error).__name__}: {error}"
    gone = list(missing(report, ""))
    if gone:
        return f"missing: {', '.join(gone)}"
    again = XmlSerializer(context=context).render(report)
    wrong = against(schema, text)
    if wrong:
        return f"not of the schema: {wrong}"
    wrong = differs(shape(Tree.fromstring(text)), shape(Tree.fromstring(again)))
    return f"other order or value: {wrong}" if wrong else "valid"


def main() -> None:
    warnings.simplefilter("ignore")
    wrong, by = 0, schema()
    for name in sys.argv[1:]:
        line = verdict(Path(name), by).replace("\n", " ")
        wrong += line != "valid"
        print(f"{Path(name).name}\t{line}", flush=True)
    sys.exit(1 if wrong else 0)


main()
