"""A CRM whose pages of users are prepared, so that what is measured is who pulls them.

The pages are read once from an emulated CRM. Afterwards each is answered a fixed time after its
request came in, to within a tenth of a millisecond and whoever asks; everything else (signing in,
permissions) is handed on to the emulator, which answers it as slowly.
"""

import http.client
import http.server
import json
import threading
import time
import urllib.parse

PAGE_SIZE = 2_000
# One-time cost of the prepared pages: reading them may take the emulator a while each.
PATIENCE_SECONDS = 120


class PreparedCrm:
    """Serves `users` users of an emulated Salesforce on a port of its own."""

    def __init__(self, upstream, credentials, soql, users, latency):
        self.latency = latency
        self.upstream = urllib.parse.urlsplit(upstream)
        self.pages = prepare(self.upstream, credentials, soql, users)
        self.soql = soql
        self.lock = threading.Lock()
        self.forget()
        crm = self

        class Handler(_Handler):
            prepared = crm

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def forget(self):
        """Begins a new count."""
        with self.lock:
            self.served, self.first, self.last = 0, None, None

    def count(self, began, ended):
        with self.lock:
            self.served += 1
            self.first = self.first or began
            self.last = ended

    def pull_seconds(self):
        """From the first page's request until the last page is under way to whoever asked."""
        with self.lock:
            return self.last - self.first

    def page_of(self, path, query):
        """The prepared page that a request asks for; None for any other."""
        segments = [segment for segment in path.split("/") if segment]
        if segments[:2] != ["services", "data"] or segments[3:4] != ["query"]:
            return None
        if len(segments) == 5:
            return self.pages[int(segments[4].removeprefix("page-"))]
        asked = urllib.parse.parse_qs(query).get("q")
        return self.pages[0] if asked == [self.soql] else None

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    prepared = None

    def parse_request(self):
        # The request line has just been read.
        self.began = time.perf_counter()
        return super().parse_request()

    def do_GET(self):
        path, _, query = self.path.partition("?")
        page = self.prepared.page_of(path, query)
        if page is None:
            self.hand_on()
            return
        head = (
            "HTTP/1.1 200 OK\r\nContent-Type: application/json;charset=UTF-8\r\n"
            f"Date: {self.date_time_string()}\r\nContent-Length: {len(page)}\r\n\r\n"
        ).encode()
        time.sleep(max(0.0, self.began + self.prepared.latency - time.perf_counter()))
        self.wfile.write(head + page)
        self.prepared.count(self.began, time.perf_counter())

    def do_POST(self):
        self.hand_on()

    def hand_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        upstream = self.prepared.upstream
        connection = http.client.HTTPConnection(upstream.hostname, upstream.port, timeout=30)
        headers = {
            name: value for name, value in self.headers.items() if name.lower() != "accept-encoding"
        }
        connection.request(self.command, self.path, body or None, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


def prepare(upstream, credentials, soql, users):
    """The first `users` users that the emulated CRM lists, as pages ready to be sent."""
    connection = http.client.HTTPConnection(
        upstream.hostname, upstream.port, timeout=PATIENCE_SECONDS
    )
    form = urllib.parse.urlencode({"grant_type": "client_credentials", **credentials})
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/services/oauth2/token", form, kind)
    token = json.load(connection.getresponse())["access_token"]
    headers = {
        "Authorization": f"Bearer {token}",
        "Sforce-Query-Options": f"batchSize={PAGE_SIZE}",
    }
    records = []
    next_page = "/services/data/v62.0/query?" + urllib.parse.urlencode({"q": soql})
    while next_page and len(records) < users:
        connection.request("GET", next_page, headers=headers)
        answer = json.load(connection.getresponse())
        if not isinstance(answer, dict) or "records" not in answer:
            raise SystemExit(f"the emulated CRM does not list users: {answer}")
        records += answer["records"]
        next_page = answer.get("nextRecordsUrl")
    connection.close()
    if len(records) < users:
        raise SystemExit(f"the emulated CRM has {len(records)} users, not {users}")
    starts = range(0, users, PAGE_SIZE)
    return [page(records[:users], start, number + 1) for number, start in enumerate(starts)]


def page(records, start, number):
    """A page in the order of members that the vendor documents."""
    end = start + PAGE_SIZE
    answer = {"totalSize": len(records), "done": end >= len(records)}
    if end < len(records):
        answer["nextRecordsUrl"] = f"/services/data/v62.0/query/page-{number}"
    answer["records"] = records[start:end]
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
