#!/usr/bin/env python3
"""Open a training report in headless Chromium, at desktop and phone width, light and dark.

    check_report.py REPORT.html [FOLDER]

Fails on any message in the console, any request to the network, a page wider than the phone, text that is hard to tell
from its ground, a picture without a text in its place, and numbers that are not JSON. With FOLDER four screenshots of
the whole page are kept there. Needs Python alone, and Chromium (CHROMIUM names it); 77 without.
"""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

SKIPPED = 77
VIEWS = [(name, width, scheme) for name, width in (("desktop", 1280), ("phone", 380)) for scheme in ("light", "dark")]

# The least contrast of all texts to the ground that is painted behind them (WCAG 2.2), and where that is.
CONTRAST = r"""
(() => {
  const channels = text => {
    const numbers = text.match(/-?[\d.]+(e-?\d+)?/g).map(Number)
    const scale = text.startsWith("color(") ? 255 : 1
    return [...numbers.slice(0, 3).map(x => x * scale), numbers[3] ?? 1]
  }
  const luminance = color => {
    const linear = color.slice(0, 3).map(x => (x /= 255, x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4))
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  }
  let worst = [99, ""]
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement
    if (!walker.currentNode.data.trim() || element.closest("script, .hidden, title")) continue
    const style = getComputedStyle(element)
    if (style.fontSize === "0px" || !element.getClientRects().length) continue
    let ground = element
    const painted = e => channels(getComputedStyle(e).backgroundColor)[3] === 1
    while (ground.parentElement && !painted(ground)) ground = ground.parentElement
    const isDrawn = element instanceof SVGElement
    const [a, b] = [isDrawn ? style.fill : style.color, getComputedStyle(ground).backgroundColor]
      .map(x => luminance(channels(x)))
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    if (ratio < worst[0]) worst = [ratio, element.outerHTML.slice(0, 80)]
  }
  return worst
})()
"""


class Browser:
    """Chromium, spoken to through a pipe: JSON messages, each with a zero byte behind it."""

    def __init__(self, path):
        self.profile = tempfile.mkdtemp(prefix="cnn-report-")
        down, up = os.pipe(), os.pipe()

        def connect():
            # Chromium reads from 3 and writes to 4, whatever numbers the pipes have here.
            source, sink = os.dup(down[0]), os.dup(up[1])
            os.dup2(source, 3)
            os.dup2(sink, 4)

        self.process = subprocess.Popen(
            [path, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe",
             "--disable-background-networking", f"--user-data-dir={self.profile}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=False,
            preexec_fn=connect)
        os.close(down[0])
        os.close(up[1])
        self.sink, self.source = down[1], up[0]
        self.buffer, self.number, self.events = b"", 0, []

    def receive(self):
        """The next message."""
        while b"\0" not in self.buffer:
            data = os.read(self.source, 1 << 20)
            if not data:
                raise EOFError("Chromium has gone")
            self.buffer += data
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, session=None, **parameters):
        """The result of a command; events on the way are kept."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.sink, data) :]
        while True:
            reply = self.receive()
            if reply.get("id") == self.number:
                if "error" in reply:
                    raise RuntimeError(f"{method}: {reply['error']['message']}")
                return reply["result"]
            self.events.append(reply)

    def wait(self, method):
        """Waits for an event."""
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.receive())

    def close(self):
        try:
            self.call("Browser.close")
            self.process.wait(timeout=10)
        except (OSError, EOFError, RuntimeError, subprocess.TimeoutExpired):
            self.process.kill()
        shutil.rmtree(self.profile, ignore_errors=True)


def text_of(event):
    """What an event says, if it is something that nobody should say."""
    parameters = event.get("params", {})
    if event["method"] == "Runtime.consoleAPICalled":
        return "console: " + " ".join(str(part.get("value", part)) for part in parameters["args"])
    if event["method"] == "Runtime.exceptionThrown":
        return "exception: " + parameters["exceptionDetails"]["text"]
    if event["method"] == "Log.entryAdded":
        return f"{parameters['entry']['level']}: {parameters['entry']['text']}"
    if event["method"] == "Network.requestWillBeSent":
        address = parameters["request"]["url"]
        if not address.startswith(("file:", "data:")):
            return "request: " + address
    return None


def look(browser, address, width, scheme, picture):
    """Opens the page in one way, and gives what is wrong with it."""
    target = browser.call("Target.createTarget", url="about:blank")["targetId"]
    session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for domain in ("Page", "Runtime", "Log", "Network"):
        browser.call(f"{domain}.enable", session)
    browser.call("Emulation.setDeviceMetricsOverride", session, width=width, height=900, deviceScaleFactor=1,
                 mobile=width < 600)
    browser.call("Emulation.setEmulatedMedia", session, features=[{"name": "prefers-color-scheme", "value": scheme}])
    browser.events = []
    browser.call("Page.navigate", session, url=address)
    browser.wait("Page.loadEventFired")

    def evaluate(expression):
        result = browser.call("Runtime.evaluate", session, expression=expression, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"]["exception"].get("description", "a script failed"))
        return result["result"].get("value")

    problems = []
    found = evaluate("document.documentElement.scrollWidth")
    if found > width:
        problems.append(f"the page is {found} pixels wide, on a screen of {width}")
    missing = evaluate("[...document.images].filter(i => !i.alt || !i.complete || !i.naturalWidth).length")
    if missing:
        problems.append(f"{missing} pictures are not drawn, or have no text in their place")
    contrast, where = evaluate(CONTRAST)
    if contrast < 4.5:
        problems.append(f"a contrast of {contrast:.2f}: {where}")
    if not evaluate("JSON.parse(document.getElementById('run').textContent).format"):
        problems.append("the numbers have no format")
    brightness = evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0]")
    if (brightness > 127) != (scheme == "light"):
        problems.append(f"the ground has a brightness of {brightness}")
    height = evaluate("document.documentElement.scrollHeight")
    if picture:
        # More than this is more than the browser draws in one piece.
        clip = {"x": 0, "y": 0, "width": width, "height": min(height, 16000), "scale": 1}
        data = browser.call("Page.captureScreenshot", session, captureBeyondViewport=True, clip=clip)["data"]
        with open(picture, "wb") as file:
            file.write(base64.b64decode(data))
    time.sleep(0.2)
    evaluate("0")
    problems += filter(None, map(text_of, (event for event in browser.events if "method" in event)))
    browser.call("Target.closeTarget", targetId=target)
    return problems, contrast, height


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    if not path:
        print("skipped: no Chromium")
        sys.exit(SKIPPED)
    folder = sys.argv[2] if len(sys.argv) > 2 else None
    if folder:
        os.makedirs(folder, exist_ok=True)
    failed = False
    browser = Browser(path)
    try:
        for name, width, scheme in VIEWS:
            picture = os.path.join(folder, f"{name}-{scheme}.png") if folder else None
            address = "file://" + os.path.abspath(sys.argv[1])
            problems, contrast, height = look(browser, address, width, scheme, picture)
            print(f"{'FAILED ' if problems else 'ok     '} {name}, {scheme}: {width}x{height}, contrast {contrast:.1f}")
            for problem in problems:
                print(f"        {problem}")
            failed |= bool(problems)
    finally:
        browser.close()
    sys.exit(1 if failed else 0)


main()
