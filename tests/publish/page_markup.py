"""Pages of the site as text, and what tests ask about their markup."""

import re
from html.parser import HTMLParser

from pipelines.publish.site import Surroundings, site_files

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Outline(HTMLParser):
    """Collects what the tests ask about, and checks that tags are closed in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.links, self.tags = [], [], [], []
        self.headings = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if "href" in attributes:
            self.links.append(attributes["href"])
        if re.fullmatch(r"h\d", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def page_of(release, indicator_id, code="da"):
    """Render without drawings: what figures show is tested elsewhere."""
    return site_files(release, [], Surroundings())[f"site/{code}/{indicator_id}.html"].decode()


def about_of(release):
    return site_files(release, [], Surroundings())["site/da/om-tallene.html"].decode()


def rows_of(markup):
    return [
        [
            re.sub(r"<[^>]+>", "", cell).strip()
            for cell in re.findall(r"<t[hd]\b.*?</t[hd]>", r, re.S)
        ]
        for r in re.findall(r"<tr\b.*?</tr>", markup, re.S)
    ]
