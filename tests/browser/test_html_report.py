#!/usr/bin/env python3
"""The HTML report in headless Chromium: what it shows and where, links, keyboard, zoom, light and
dark, print, nothing injected, no request, no complaint, and how quickly a large one opens. axe-core
looks at it too, where pip can fetch it.

usage: tests/browser/test_html_report.py                the tests, as TAP
       tests/browser/test_html_report.py --screenshots  pictures only, into build/pictures
"""
import glob
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "flink"))
from browser import Browser  # noqa: E402

FRESHCHECK = os.environ.get("FRESHCHECK", os.path.join(ROOT, "build", "gcc", "freshcheck"))
PICTURES = os.path.join(ROOT, "build", "pictures")
AXE = "axe-playwright-python==0.1.8"  # a package of Python that carries axe.min.js
CELL = "cell-dashboard_hides_newer-on-flink-1.17"
LEFT, PLOT = 156, 832  # of a timeline, as in reports/html_picture.c

EVIL = """\
title: "</script><script>document.title='owned'</script><img src=x onerror=alert(1)> &amp;"
why: no title is markup
flink: {web.refresh-interval: 3 s, rest.cache.checkpoint-statistics.timeout: 0 s}
jobmanager: {J: {at 90 ms: completes 10, at 200 ms: completes 11}}
clients:
  browser: {at 100 ms: job J}
  mover: {at 300 ms: latest completed checkpoint of J}
claims: [fresh]
expect: {flink-1.17: {fresh: "<svg onload=alert(3)></p><b>reason</b>"}}
"""

failures = 0


def check(what, good, shown=""):
    global failures
    failures += not good
    print("%s - %s" % ("ok" if good else "not ok", what), flush=True)
    if not good:
        print("\n".join("#   " + line for line in str(shown).splitlines()[:40]))


def write_report(folder, *arguments, command="run"):
    path = os.path.join(folder, "report.html")
    if os.path.exists(path):
        os.remove(path)
    ended = subprocess.run([FRESHCHECK, command, "--report", "html=" + path, *arguments],
                           cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if not os.path.exists(path):
        sys.exit("no report: " + ended.stderr)
    return path


class Page:
    def __init__(self, browser, path):
        self.browser, self.address = browser, "file://" + path

    def open(self, fragment=""):
        self.browser.go("about:blank")
        self.browser.go(self.address + fragment)
        self.value("new Promise(done => document.readyState === 'complete' ? done() :"
                   " addEventListener('load', () => done()))")

    def value(self, expression):
        return self.browser.evaluate(expression)

    def look_at(self, selector):
        """What is not in view has not been laid out."""
        self.value("document.querySelector(`%s`).scrollIntoView({block: 'center'})" % selector)
        self.value("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def key(self, key, code=None, text=None):
        for kind in "keyDown", "keyUp":
            extra = {"text": text} if text and kind == "keyDown" else {}
            self.browser.call("Input.dispatchKeyEvent", type=kind, key=key, code=code or key,
                              windowsVirtualKeyCode={"Tab": 9, "Enter": 13, "Escape": 27}.get(
                                  key, ord(key[0])), **extra)

    def prefer(self, scheme, media=""):
        self.browser.call("Emulation.setEmulatedMedia", media=media,
                          features=[{"name": "prefers-color-scheme", "value": scheme}])

    def colours(self, selector):
        return self.value("(s => [s.color, s.backgroundColor])(getComputedStyle("
                          "document.querySelector('%s')))" % selector)


# What the tests say of one failing cell.

def see_texts(page):
    page.open()
    page.look_at('[id="%s"]' % CELL)
    text = page.value("document.getElementById('%s').innerText" % CELL)
    for wanted in ("dashboard_hides_newer on flink-1.17", "breaks, as expected",
                   "Checkpoint 11 had been complete for 100.0 ms when the request was sent.",
                   "Layer graph cache", "both paths share the graph cache", "Witness",
                   "--implementation flink-1.17"):
        check("a failure says: " + wanted, wanted in " ".join(text.split()), text)
    lanes = page.value("[...document.querySelectorAll('[id=\"%s\"] .lane')].map(e => e.textContent)" % CELL)
    check("its picture has the lanes of truth, clients, cache, gateway and JobManager",
          [lane.strip() for lane in lanes] ==
          ["latest of J", "mover", "browser", "graph cache", "gateway: graph", "gateway: other",
           "JobManager J"],
          lanes)
    raw = page.value("document.querySelector('[id=\"%s\"] pre').textContent" % CELL)
    check("the raw exchange is there, its body in lines",
          raw.startswith("GET /jobs/") and "HTTP/1.1 200\n" in raw and '\n  "counts": {\n' in raw, raw)
    check("it is folded", not page.value("document.querySelector('[id=\"%s\"] .raw').open" % CELL))
    signs = page.value("[...new Set([...document.querySelectorAll('#matrix td')].map("
                       "e => e.className + e.innerText.trim()[0]))].sort()")
    check("cells are told apart by signs", len(signs) > 1 and len({s[-1] for s in signs}) ==
          len({s[:-1] for s in signs}), signs)


def bar(page, selector):
    return page.value("(e => [+e.getAttribute('x'), +e.getAttribute('width')])("
                      "document.querySelector('[id=\"%s\"] %s'))" % (CELL, selector))


def near(a, b):
    return abs(a - b) < 0.11


def see_places(page):
    page.open()
    start, end = page.value("(s => [+s.dataset.from, +s.dataset.until])("
                            "document.querySelector('[id=\"%s\"] .timeline svg'))" % CELL)

    def x_of(ms):
        return LEFT + (ms * 1000 - start) / (end - start) * PLOT
    x, width = bar(page, ".stale")
    check("the stale stretch lies between the completion and the request",
          near(x, x_of(200)) and near(x + width, x_of(300)), (x, width, x_of(200), x_of(300)))
    places = page.value("[...document.querySelectorAll('[id=\"%s\"] .event')].map(e => "
                        "[e.getAttribute('class'), e.getAttribute('aria-label'),"
                        " e.querySelector('.t').getAttribute('transform')])" % CELL)
    for kind, start_of_label, ms in (("witness", "mover at 300.0 ms: GET", 300),
                                     ("mark", "J at 200.0 ms: checkpoint 11 completed", 200)):
        found = [p for p in places if kind in p[0] and p[1].startswith(start_of_label)]
        check("what begins '%s' stands at its time" % start_of_label, len(found) == 1 and near(
            float(found[0][2].split("(")[1].split(",")[0]), x_of(ms)), places)
    return x, width


def zoom(page, x, width):
    svg = "document.querySelector('[id=\"%s\"] .timeline svg')" % CELL
    page.value(svg + ".focus()")
    page.key("+", text="+")
    wide = bar(page, ".stale")[1]
    check("+ makes it twice as wide", abs(wide - 2 * width) < 0.3, (width, wide))
    page.key("ArrowRight")
    check("an arrow moves it", bar(page, ".stale")[0] < 2 * x)
    page.key("0", text="0")
    check("0 shows the whole again", bar(page, ".stale") == [x, width], bar(page, ".stale"))
    for selector, factor in (".zoom-in", 2), (".zoom-out", 1), (".zoom-in", 2), (".reset", 1):
        page.value("document.querySelector('[id=\"%s\"] %s').click()" % (CELL, selector))
        check("the button %s works" % selector,
              abs(bar(page, ".stale")[1] - factor * width) < 0.3, bar(page, ".stale"))
    page.value(svg + ".scrollIntoView()")
    place = page.value("(r => [r.left + r.width / 2, r.top + 60])(%s.getBoundingClientRect())" % svg)
    page.browser.call("Input.dispatchMouseEvent", type="mouseWheel", x=place[0], y=place[1],
                      deltaX=0, deltaY=-100)
    page.value("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    check("the wheel zooms", bar(page, ".stale")[1] > width)
    page.value("document.querySelector('[id=\"%s\"] .reset').click()" % CELL)


def hover_and_focus(page):
    page.open("#" + CELL)
    check("a deep link focuses its failure", page.value("document.activeElement.id") == CELL)
    check("and shows it", page.value("(r => r.top >= -1 && r.top < innerHeight)(document."
                                     "getElementById('%s').getBoundingClientRect())" % CELL))
    event = "document.querySelector('[id=\"%s\"] .event.witness')" % CELL
    page.look_at('[id="%s"] .event.witness' % CELL)
    place = page.value("(r => [r.left + r.width / 2, r.top + 14])(%s.getBoundingClientRect())" % event)
    page.browser.call("Input.dispatchMouseEvent", type="mouseMoved", x=place[0], y=place[1])
    tip = page.value("document.querySelector('#tip').innerText")
    check("hovering an event tells of it", "mover at 300.0 ms" in tip and "stale for 100.0 ms" in tip
          and "from the fetch at" in tip, tip)
    check("and shows what its answer came from",
          page.value("document.querySelectorAll('[id=\"%s\"] .linked').length" % CELL) == 2)
    page.key("Escape")
    check("Escape ends that", page.value("document.querySelector('#tip').hidden"))


def use_keyboard(page):
    page.open()
    wanted = page.value("[...document.querySelectorAll('a[href], button, input, select, summary,"
                        " [tabindex=\"0\"]')].filter(e => e.checkVisibility()).length")
    page.value("window.reached = new Set(); document.addEventListener('focusin',"
               " e => reached.add(e.target)); 0")
    for _ in range(wanted + 2):
        page.key("Tab")
    reached = page.value("reached.size")
    check("Tab reaches everything that can be used", reached >= wanted, (reached, wanted))
    page.value("document.querySelector('[id=\"%s\"] .event').focus()" % CELL)
    check("focus tells of an event too", not page.value("document.querySelector('#tip').hidden"))


def use_filters(page):
    def shown():
        return page.value("[...document.querySelectorAll('#matrix tbody tr')].filter("
                          "e => !e.hidden).map(e => [...e.querySelector('th').childNodes].filter("
                          "n => n.nodeType === 3).map(n => n.data).join(''))")
    page.open()
    whole = len(shown())
    page.value("(e => { e.value = 'Hides newer'; e.dispatchEvent(new Event('input')); })("
               "document.querySelector('#search'))")
    check("the search narrows the matrix", shown() == ["dashboard_hides_newer"], shown())
    check("and what broke", page.value("[...document.querySelectorAll('.failure')].every("
                                       "e => e.hidden || e.id.includes('hides_newer'))"))
    check("and how stale answers were", page.value(
        "[...document.querySelectorAll('#staleness tbody tr')].every("
        "e => e.hidden || e.textContent.includes('hides_newer'))"))
    page.value("(e => { e.value = 'nothing is called so'; e.dispatchEvent(new Event('input')); })("
               "document.querySelector('#search'))")
    check("what is all hidden has no heading", page.value(
        "document.querySelector('#staleness').hidden"))
    page.value("location.hash = '#cell-ask_for_fresh-on-flink-1.17'")
    page.browser.wait_for("document.activeElement.id === 'cell-ask_for_fresh-on-flink-1.17'")
    check("a link to what is hidden ends the search", len(shown()) == whole)
    page.value("(e => { e.value = 'known'; e.dispatchEvent(new Event('change')); })("
               "document.querySelector('#state'))")
    check("a state narrows it too", 0 < len(shown()) < whole)


def change_colours(page):
    page.prefer("light")
    page.open()
    light = page.colours("body")
    page.prefer("dark")
    dark = page.colours("body")
    check("it follows the system's light and dark", light != dark and dark[1] == "rgb(20, 24, 31)",
          (light, dark))
    page.value("document.querySelector('#theme').click()")
    check("a switch turns it over", page.colours("body") == light, page.colours("body"))
    for theme in "", "dark", "light":
        page.value("document.documentElement.dataset.theme = '%s'" % theme)
        page.prefer("dark", media="print")
        check("on paper it is black on white, theme '%s'" % theme,
              page.colours("body") == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"],
              page.colours("body"))
    check("and without controls", page.value("getComputedStyle(document.querySelector("
                                             "'.controls')).display") == "none")
    page.prefer("light")


def print_it(browser, page):
    page.prefer("light", media="print")
    browser.call("Emulation.setDeviceMetricsOverride", width=718, height=1000,
                 deviceScaleFactor=1, mobile=False)  # A4 without its margins
    page.open()
    width = page.value("document.querySelector('#matrix').getBoundingClientRect().right")
    check("the matrix fits on paper", width <= 718, width)
    page.value("document.querySelector('.failure:last-of-type').scrollIntoView()")
    check("so do pictures", page.value("[...document.querySelectorAll('.timeline svg')].every("
                                       "e => e.getBoundingClientRect().right <= 718)"))
    browser.call("Emulation.clearDeviceMetricsOverride")
    page.prefer("light")


def make_narrow(browser, page):
    browser.call("Emulation.setDeviceMetricsOverride", width=420, height=800, deviceScaleFactor=1,
                 mobile=False)
    page.open("#" + CELL)
    check("a narrow page is not wider than its window",
          page.value("document.documentElement.scrollWidth") == 420,
          page.value("document.documentElement.scrollWidth"))
    page.look_at('[id="%s"] .timeline' % CELL)
    place = page.value("[...document.querySelectorAll('[id=\"%s\"] circle.number')].map("
                       "e => e.getBoundingClientRect().right)" % CELL)
    check("and the end of the witness is in view", 0 < place[-1] < 420, place)
    browser.call("Emulation.clearDeviceMetricsOverride")


def fetch_axe(folder):
    subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps",
                    "--disable-pip-version-check", "-d", folder, AXE],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
    for wheel in glob.glob(os.path.join(folder, "*.whl")):
        with zipfile.ZipFile(wheel) as file:
            name = next(n for n in file.namelist() if n.endswith("axe.min.js"))
            return file.read(name).decode()
    return None


def ask_axe(page, folder):
    axe = fetch_axe(folder)
    if not axe:
        print("ok - axe-core finds nothing # SKIP it cannot be fetched")
        return
    for scheme in "light", "dark":
        page.prefer(scheme)
        page.open()
        page.browser.call("Page.setBypassCSP", enabled=True)
        page.value(axe + "; 0")
        found = page.value("axe.run(document).then(r => r.violations.map(v => v.id + ': ' + v.help +"
                           " ' ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | ')))")
        check("axe-core finds nothing, " + scheme, not found, "\n".join(found))
    page.browser.call("Page.setBypassCSP", enabled=False)
    page.prefer("light")


def see_nothing_injected(browser, folder):
    scenario = os.path.join(folder, "evil.yaml")
    with open(scenario, "w") as file:
        file.write(EVIL)
    page = Page(browser, write_report(folder, scenario, "--implementation", "flink-1.17"))
    page.open()
    page.look_at(".failure")
    shown = page.value("document.body.innerText")
    check("markup in a title is shown as it is written",
          "</script><script>document.title='owned'</script><img src=x" in shown, shown)
    check("nor is it taken for markup", page.value("document.title") == "freshcheck report" and
          page.value("document.querySelectorAll('img, svg[onload], .expected b + b').length") == 0)
    check("nor is a reason", "<svg onload=alert(3)></p><b>reason</b>" in shown, shown)


def open_large(browser, folder):
    """1,000 scenarios, 50 of which break a claim."""
    many = os.path.join(folder, "many")
    os.mkdir(many)
    for i in range(1000):
        name = "dashboard_hides_newer" if i % 20 == 0 else "answered_once"
        shutil.copy(os.path.join(ROOT, "scenarios", name + ".yaml"),
                    os.path.join(many, "scenario_%04d.yaml" % i))
    path = write_report(folder, many, "--implementation", "flink-1.17")
    size = os.path.getsize(path)
    page = Page(browser, path)
    times = []
    for _ in range(3):  # the quickest counts: others use the machine too
        page.open()
        times.append(page.value("(t => t.loadEventEnd - t.startTime)(performance.getEntriesByType("
                                "'navigation')[0])"))
    took = min(times)
    sections = page.value("document.querySelectorAll('.failure .timeline').length")
    print("# 1,000 scenarios, %d pictures: %d bytes, %d ms to the load event" % (
        sections, size, took))
    check("of 1,000 scenarios the 50 that break are drawn", sections == 50, sections)
    check("in less than 2 MB", size < 2000000, size)
    check("which open in less than a second", took < 1000, took)


def test(browser, folder):
    page = Page(browser, write_report(folder))
    see_texts(page)
    zoom(page, *see_places(page))
    hover_and_focus(page)
    use_filters(page)
    change_colours(page)
    print_it(browser, page)
    make_narrow(browser, page)
    few = Page(browser, write_report(folder, "scenarios/dashboard_hides_newer.yaml",
                                     "scenarios/ask_for_fresh.yaml"))
    use_keyboard(few)
    ask_axe(few, folder)
    see_nothing_injected(browser, folder)
    open_large(browser, folder)
    check("the console stays empty", not browser.complaints, "\n".join(browser.complaints))
    others = [r for r in browser.requests if not r[1].startswith(("file://", "about:"))]
    check("nothing is asked of any network", not others, others)


# What is taken: a report, and what to do with it first.
PICTURES_OF = (
    ("failure", [], "run", "hides_newer"),
    ("matrix", [], "run", None),
    ("recording", ["--claim", "fresh",
                   "tests/recordings/1.17.2/dashboard-then-read.jsonl"], "check", ""),
    ("exploration", ["--seeds", "60", "--implementation", "flink-1.17"], "explore", ""),
)


def take_pictures(browser, folder):
    os.makedirs(PICTURES, exist_ok=True)
    for name, arguments, command, searched in PICTURES_OF:
        page = Page(browser, write_report(folder, *arguments, command=command))
        for scheme in "light", "dark":
            for width in 1280, 420:
                browser.call("Emulation.setDeviceMetricsOverride", width=width, height=900,
                             deviceScaleFactor=1, mobile=False)
                page.prefer(scheme)
                page.open()
                if searched is None:
                    page.value("document.querySelector('#failures').remove()")
                elif searched:
                    page.value("document.querySelector('#search').value = '%s';"
                               "document.querySelector('#search').dispatchEvent(new Event('input'))"
                               % searched)
                picture = "report-%s-%s-%d.png" % (name, scheme, width)
                browser.take_picture(os.path.join(PICTURES, picture))
                print(os.path.join("build", "pictures", picture), flush=True)


def main():
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        print("# skipped: there is no chromium (scripts/install-dependencies browser)")
        sys.exit(77)
    with tempfile.TemporaryDirectory(prefix="freshcheck-html-") as folder, \
            Browser(program) as browser:
        if sys.argv[1:] == ["--screenshots"]:
            take_pictures(browser, folder)
        else:
            test(browser, folder)
    sys.exit(failures > 0)


main()
