"""Headless Chromium, driven over the DevTools protocol through a pair of pipes.

Nothing here sleeps or polls: every wait is for an event of the protocol or for a promise that the
page's own MutationObserver keeps.
"""
import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-extensions", "--hide-scrollbars", "--lang=en", "--remote-debugging-pipe",
]
TIMEOUT_S = 20

# Resolves once the expression is true, looking again whenever anything in the page changes.
WAIT = """new Promise(done => {
    const look = () => { if (%s) { watch.disconnect(); done(true); } };
    const watch = new MutationObserver(look);
    watch.observe(document, {subtree: true, childList: true, characterData: true, attributes: true});
    look();
})"""


# Resolves once the element has been drawn alike for 20 frames.
STILL = """new Promise(done => {
    let before = "", frames = 0;
    const look = () => {
        const now = document.querySelector(%s).outerHTML;
        frames = now === before ? frames + 1 : 0;
        before = now;
        if (frames === 20) done(true); else requestAnimationFrame(look);
    };
    look();
})"""


class BrowserError(Exception):
    pass


class Browser:
    """One tab. `complaints` gathers what its console would show as errors or warnings; `requests`
    every request as (method, address, status or failure)."""

    def __init__(self, program, width=1400, height=1000):
        self.profile = tempfile.mkdtemp(prefix="freshcheck-chromium-")
        to_read, self.write_fd = os.pipe()
        self.read_fd, to_write = os.pipe()
        # The protocol's pipes are descriptors 3 and 4; a shell puts them there.
        shell = 'exec "$0" "$@" 3<&%d 4>&%d' % (to_read, to_write)
        command = [program, *FLAGS, "--user-data-dir=" + self.profile,
                   "--window-size=%d,%d" % (width, height), "about:blank"]
        self.process = subprocess.Popen(
            ["bash", "-c", shell, *command], pass_fds=[to_read, to_write],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.unread = b""
        self.last_id = 0
        self.session = None
        self.complaints = []
        self.requests = []
        self.pending = {}
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in "Page", "Runtime", "Log", "Network":
            self.call(domain + ".enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        os.close(self.write_fd)
        os.close(self.read_fd)
        shutil.rmtree(self.profile, ignore_errors=True)

    # The protocol: JSON messages, each ended by a zero byte.

    def receive(self, deadline):
        while b"\0" not in self.unread:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.read_fd], [], [], left)[0]:
                raise BrowserError("nothing from the browser for %d s" % TIMEOUT_S)
            piece = os.read(self.read_fd, 1 << 16)
            if not piece:
                raise BrowserError("the browser is gone")
            self.unread += piece
        message, self.unread = self.unread.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.last_id += 1
        message = {"id": self.last_id, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write_fd, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + TIMEOUT_S
        while True:
            answer = self.receive(deadline)
            if answer.get("id") != self.last_id:
                self.note(answer.get("method"), answer.get("params", {}))
            elif "error" in answer:
                raise BrowserError("%s: %s" % (method, answer["error"]["message"]))
            else:
                return answer["result"]

    def note(self, method, event):
        if method == "Runtime.consoleAPICalled" and event["type"] in ("error", "warning", "assert"):
            self.complaints.append("console.%s: %s" % (event["type"], " ".join(
                str(a.get("value", a.get("description"))) for a in event["args"])))
        elif method == "Runtime.exceptionThrown":
            details = event["exceptionDetails"]
            self.complaints.append("exception: " + details.get("exception", {}).get(
                "description", details["text"]))
        elif method == "Log.entryAdded" and event["entry"]["level"] in ("error", "warning"):
            entry = event["entry"]
            self.complaints.append("%s: %s %s" % (entry["level"], entry["text"], entry.get("url", "")))
        elif method == "Network.requestWillBeSent":
            self.pending[event["requestId"]] = (event["request"]["method"], event["request"]["url"])
        elif method == "Network.responseReceived" and event["requestId"] in self.pending:
            self.requests.append((*self.pending.pop(event["requestId"]),
                                  event["response"]["status"]))
        elif method == "Network.loadingFailed" and event["requestId"] in self.pending:
            self.requests.append((*self.pending.pop(event["requestId"]), event["errorText"]))

    # The page.

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, awaitPromise=True,
                           returnByValue=True)
        if "exceptionDetails" in result:
            raise BrowserError("%s: %s" % (expression, result["exceptionDetails"]))
        return result["result"].get("value")

    def go(self, address):
        self.call("Page.navigate", url=address)

    def wait_for(self, expression):
        try:
            self.evaluate(WAIT % expression)
        except BrowserError as error:
            raise BrowserError("waiting for %s: %s; the page shows: %s" % (
                expression, error, self.text()[:2000])) from error

    def wait_for_text(self, *texts):
        for text in texts:
            self.wait_for("document.body && document.body.innerText.includes(%s)" % json.dumps(text))

    def wait_until_still(self, selector):
        self.evaluate(STILL % json.dumps(selector))

    def text(self):
        return self.evaluate("document.body.innerText")

    def click(self, selector, text=""):
        """The first element of the selector whose text is `text`, or any when it is empty."""
        find = "[...document.querySelectorAll(%s)].find(e => !%s || e.innerText.trim() === %s)" % (
            json.dumps(selector), json.dumps(text), json.dumps(text))
        self.wait_for(find)
        self.evaluate(find + ".click()")

    def take_picture(self, path):
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        picture = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True,
                            clip={"x": 0, "y": 0, "width": size["width"], "height": size["height"],
                                  "scale": 1})
        with open(path, "wb") as file:
            file.write(base64.b64decode(picture["data"]))
