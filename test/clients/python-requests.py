"""CardDAV and discovery as scripts send them with python3-requests: one scenario a run.

Reads {"url", "user", "password", "name"} as JSON from standard input, takes the scenario's name as
argument, prints what it saw as JSON.
"""

import json
import sys
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import requests

DAV = "{DAV:}"
CARD = "{urn:ietf:params:xml:ns:carddav}"


class Browser:
    def __init__(self, given):
        self.base = given["url"]
        self.session = requests.Session()
        self.session.auth = (given["user"], given["password"])

    def send(self, method, path, body=None, **headers):
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        data = body.encode("utf-8") if body is not None else None
        return self.session.request(method, urljoin(self.base, path), data=data, headers=names, timeout=30)

    def xml(self, method, path, body, depth=None):
        headers = {"Content_Type": 'application/xml; charset="utf-8"'}
        if depth is not None:
            headers["Depth"] = depth
        response = self.send(method, path, body, **headers)
        assert response.status_code == 207, (method, path, response.status_code, response.text)
        return ElementTree.fromstring(response.content)

    def home(self):
        body = '<propfind xmlns="DAV:"><prop><current-user-principal/></prop></propfind>'
        principal = self.xml("PROPFIND", "/", body, "0").find(".//%scurrent-user-principal/%shref" % (DAV, DAV)).text
        name = '<addressbook-home-set xmlns="urn:ietf:params:xml:ns:carddav"/>'
        body = '<propfind xmlns="DAV:"><prop>%s</prop></propfind>' % name
        return self.xml("PROPFIND", principal, body, "0").find(".//%saddressbook-home-set/%shref" % (CARD, DAV)).text


def answers(root):
    """Per href: the response's own status, or the status of its first propstat."""
    found = {}
    for response in root.findall(DAV + "response"):
        status = response.find(DAV + "status")
        if status is None:
            status = response.find(DAV + "propstat/" + DAV + "status")
        found[urlsplit(response.find(DAV + "href").text).path] = int(status.text.split()[1])
    return found


def card(uid, name, *lines):
    return "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", "UID:" + uid, "FN:" + name, "N:;;;;", *lines, "END:VCARD", ""])


def well_known(browser, given):
    """SEQ-17: no credentials, no redirect followed, with and without a body and a Depth."""
    seen = {}
    body = '<propfind xmlns="DAV:"><prop><current-user-principal/></prop></propfind>'
    for service in ("caldav", "carddav"):
        address = browser.base + "/.well-known/" + service
        for method, data in (("GET", None), ("PROPFIND", body), ("OPTIONS", None)):
            response = requests.request(method, address, data=data, allow_redirects=False, timeout=30)
            location = response.headers.get("Location", "")
            same_host = urlsplit(urljoin(address, location)).netloc == urlsplit(browser.base).netloc
            seen[method + " " + service] = [response.status_code, location != "", same_host]
    unknown = requests.request("PROPFIND", browser.base + "/", timeout=30)
    return {"seen": seen, "status": unknown.status_code, "challenge": unknown.headers.get("WWW-Authenticate", "")}


def address_book(browser, given):
    path = browser.home() + given["name"] + "/"
    body = (
        '<mkcol xmlns="DAV:"><set><prop><resourcetype><collection/>'
        '<addressbook xmlns="urn:ietf:params:xml:ns:carddav"/></resourcetype></prop></set></mkcol>'
    )
    made = browser.send("MKCOL", path, body, Content_Type="application/xml").status_code
    again = browser.send("MKCOL", path, body, Content_Type="application/xml").status_code
    uid = given["name"]
    member = path + "a%3Ab%40c.vcf"
    put = browser.send("PUT", member, card(uid, "Ada"), Content_Type="text/vcard", If_None_Match="*")
    clash = browser.send("PUT", member, card(uid, "Ada"), Content_Type="text/vcard", If_None_Match="*").status_code
    etag = put.headers.get("ETag")
    replaced = browser.send("PUT", member, card(uid, "Ada King"), Content_Type="text/vcard", If_Match=etag)
    stale = browser.send("PUT", member, card(uid, "Lost"), Content_Type="text/vcard", If_Match=etag).status_code
    double = browser.send("PUT", path + "double.vcf", card(uid, "Double"), Content_Type="text/vcard").status_code
    ask = (
        '\n  <C:addressbook-multiget xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">'
        '<prop><getetag/><C:address-data Content-Type="text/vcard"/></prop>%s</C:addressbook-multiget>'
    )
    hrefs = "".join("<href>%s</href>" % href for href in (path + "a%3Ab@c.vcf", path + "gone.vcf"))
    root = browser.xml("REPORT", path, ask % hrefs)
    data = [element.text for element in root.iter(CARD + "address-data")]
    listing = browser.xml("PROPFIND", path, '<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>', "1")
    fetched = browser.send("GET", member)
    removed = browser.send("DELETE", member, If_Match=fetched.headers["ETag"]).status_code
    return {
        "made": made,
        "again": again,
        "put": put.status_code,
        "etag": etag,
        "clash": clash,
        "replaced": replaced.status_code,
        "stale": stale,
        "double": double,
        "multiget": [[href.rsplit("/", 1)[-1], status] for href, status in answers(root).items()],
        "data": data,
        "listed": [href.rsplit("/", 1)[-1] for href in answers(listing) if href != path],
        "fetched": fetched.content.decode("utf-8") == card(uid, "Ada King"),
        "type": fetched.headers.get("Content-Type"),
        "removed": removed,
        "gone": browser.send("GET", member).status_code,
    }


def main():
    given = json.load(sys.stdin)
    scenario = {"well_known": well_known, "address_book": address_book}[sys.argv[1]]
    json.dump(scenario(Browser(given), given), sys.stdout)


main()
