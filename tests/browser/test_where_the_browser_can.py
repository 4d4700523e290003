"""What only some browsers can: barcodes, speech on the phone itself, the home screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import job
from tests.browser.phone import Phone
from tests.browser.server import Server

CAMERA = """
  window.BarcodeDetector = class {
    detect() { return Promise.resolve(window.barcode ? [{rawValue: window.barcode}] : []); }
  };
  navigator.mediaDevices.getUserMedia = async () => {
    if (window.noCamera) throw new DOMException('no', 'NotAllowedError');
    return document.createElement('canvas').captureStream();
  };
"""
SPEECH = """
  window.SpeechRecognition = class extends EventTarget {
    static available = async ({processLocally}) => processLocally ? 'available' : 'unavailable';
    start() { window.listening = this; }
    stop() { this.dispatchEvent(new Event('end')); }
  };
"""
SPEAK = """(text) => {
  const said = Object.assign(new Event('result'), {
    resultIndex: 0, results: [Object.assign([{transcript: text}], {isFinal: true})],
  });
  window.listening.dispatchEvent(said);
}"""
OFFER = """() => {
  const offer = Object.assign(new Event('beforeinstallprompt', {cancelable: true}), {
    prompt: async () => { window.prompted = true; },
  });
  dispatchEvent(offer);
}"""


@pytest.fixture
def at_work(phone_of: Callable[..., Phone]) -> Callable[[str], Phone]:
    def begin(script: str) -> Phone:
        phone = phone_of("alice")
        phone.page.add_init_script(script)
        job.arrive(phone)
        job.check_in(phone)
        job.all_sent(phone)
        return phone

    return begin


def test_a_barcode_adds_a_line(at_work: Callable[[str], Phone], server: Server) -> None:
    phone = at_work(CAMERA)
    wanted = "SELECT barcode, name FROM product WHERE barcode <> '' AND active LIMIT 1"
    ((barcode, name),) = server.rows(wanted)
    phone.tap(phone.button("Scan a barcode"))
    expect(phone.page.get_by_role("dialog")).to_be_visible()
    phone.page.evaluate("(code) => { window.barcode = code; }", barcode)
    expect(phone.page.locator("#order-lines .line")).to_contain_text(name)
    expect(phone.page.get_by_role("dialog")).to_have_count(0)


def test_no_camera_is_said(at_work: Callable[[str], Phone]) -> None:
    phone = at_work(f"window.noCamera = true; {CAMERA}")
    phone.tap(phone.button("Scan a barcode"))
    expect(phone.notice("The camera cannot be used")).to_be_visible()


def test_what_is_spoken_is_written(at_work: Callable[[str], Phone]) -> None:
    phone = at_work(SPEECH)
    dictate = phone.button("Dictate")
    phone.type(phone.field("Note"), "Told me:")
    phone.tap(dictate)
    expect(dictate).to_have_attribute("aria-pressed", "true")
    phone.page.evaluate(SPEAK, "two more cases")
    expect(phone.field("Note")).to_have_value("Told me: two more cases")
    phone.tap(dictate)
    expect(dictate).to_have_attribute("aria-pressed", "false")


def test_where_the_browser_cannot_nothing_is_offered(at_work: Callable[[str], Phone]) -> None:
    """Nor where it would send the voice to somebody else."""
    phone = at_work(SPEECH.replace("processLocally ? 'available' :", "processLocally ? 'no' :"))
    expect(phone.button("Dictate")).to_have_count(0)
    expect(phone.button("Scan a barcode")).to_have_count(0)
    phone.go("/more")
    expect(phone.page.locator("[data-install]:visible")).to_have_count(0)


def test_it_is_put_on_the_home_screen(alice: Phone) -> None:
    alice.go("/more")
    alice.page.evaluate(OFFER)
    alice.tap(alice.button("Install"))
    assert alice.page.evaluate("window.prompted") is True


def test_an_iphone_is_told_how(phone_of: Callable[..., Phone]) -> None:
    phone = phone_of("alice")
    phone.page.add_init_script("Object.defineProperty(navigator, 'standalone', {value: false})")
    phone.go("/more")
    expect(phone.page.get_by_text("Choose Add to Home Screen.")).to_be_visible()
